/**
 * A federation over a broker: each client publishes on a subject of its own and hears on another
 * one, and the broker sees to it that nobody uses somebody else's. What clients publish are frames,
 * without anything around them.
 */
import type { NatsConnection } from '@nats-io/transport-node'
import {
  Membership,
  type EngineHost,
  type FederationEvents,
  type FederationWays,
  type JoinedFederation,
  type OwnPlaces,
} from '../../core/engine/index.ts'
import { connectBroker, isOpen } from './broker.ts'
import { readCredentials } from './credentials.ts'
import { plainCopy } from './plainCopy.ts'

const federationSubjects = {
  /** What a client publishes. */
  from: (name: string) => `hiso.federation.from.${name}`,
  /** What the server sends it. */
  to: (name: string) => `hiso.federation.to.${name}`,
} as const

/** How long a client waits for a server that never answers before it says so. */
const noServerMs = 10_000

/** The server's side. @throws HisoError BROKER_… */
export async function openFederation(
  address: string,
  credentialsPath: string | undefined,
  events: FederationEvents,
): Promise<FederationWays> {
  const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
  const connection = await connectBroker(address, { credentials, name: 'hiso serve' })
  const prefix = federationSubjects.from('')
  connection.subscribe(`${prefix}*`, {
    callback: (error, { subject, data }) => {
      if (error === null) events.onFrame(subject.slice(prefix.length), plainCopy(data))
    },
  })
  // A broker answers for those who don't listen; clients themselves never do.
  const absences = `hiso.federation.absent`
  connection.subscribe(`${absences}.*`, {
    callback: (_, { subject, headers }) => {
      if (headers?.code === 503) events.onAbsent(subject.slice(absences.length + 1))
    },
  })
  void watchBroker(connection, (text) => events.onNotice(text))
  return {
    send(name, message) {
      if (isOpen(connection))
        connection.publish(federationSubjects.to(name), message, { reply: `${absences}.${name}` })
    },
    close: () => connection.drain(),
  }
}

export interface JoinOptions {
  readonly address: string
  readonly name: string
  readonly credentialsPath?: string | undefined
  readonly places: OwnPlaces
  readonly host: EngineHost
  readonly onNotice: (text: string) => void
  readonly onAnswered?: (round: number) => void
  /** Ends it before the federation does. */
  readonly signal?: AbortSignal
}

/**
 * Is one client of a federation until that ends, or the signal says so.
 * @throws HisoError BROKER_…, FEDERATION_…, and whatever is wrong with the data
 */
export async function joinFederation(options: JoinOptions): Promise<JoinedFederation> {
  const { address, name, credentialsPath, signal, onNotice } = options
  const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
  const connection = await connectBroker(address, {
    credentials,
    name: `hiso join ${name}`,
    // It asks nothing, so no answers arrive anywhere else.
    inboxPrefix: federationSubjects.to(name),
  })
  const membership = new Membership({
    ...options,
    publish(frame) {
      if (isOpen(connection)) connection.publish(federationSubjects.from(name), frame)
    },
  })
  connection.subscribe(federationSubjects.to(name), {
    callback: (error, message) => {
      if (error === null) membership.receive(plainCopy(message.data))
      else membership.fail(error)
    },
  })
  signal?.addEventListener('abort', () => membership.end())
  void watchBroker(connection, onNotice, () => membership.hello())
  void connection.closed().then((error) => {
    if (error instanceof Error) membership.fail(error)
  })
  membership.hello()
  let timer = setTimeout(function greet() {
    membership.hello()
    timer = setTimeout(greet, membership.helloEveryMs)
  }, membership.helloEveryMs)
  const noServer = setTimeout(() => {
    if (!membership.hasServer)
      onNotice('No server answers yet: waiting until hiso serve is started there.')
  }, noServerMs)
  try {
    return await membership.play()
  } finally {
    clearTimeout(timer)
    clearTimeout(noServer)
    await connection.close()
  }
}

/** Says when the broker goes, and when it is back. */
async function watchBroker(
  connection: NatsConnection,
  onNotice: (text: string) => void,
  onBack: () => void = () => {},
): Promise<void> {
  let isAway = false
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' && !isAway) {
      isAway = true
      onNotice('The broker can’t be reached; trying again until it can.')
    } else if (status.type === 'reconnect') {
      isAway = false
      onNotice('The broker is back.')
      onBack()
    } else if (status.type === 'error') {
      onNotice(`The broker refused something: ${status.error.message}.`)
    }
  }
}
