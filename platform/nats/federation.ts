/**
 * A federation over a broker: each client publishes on a subject of its own and hears on another
 * one, and the broker sees to it that nobody uses somebody else's. What clients publish are frames,
 * with a header that tells two processes of one client apart.
 */
import { randomUUID } from 'node:crypto'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import {
  Membership,
  type EngineHost,
  type FederationEvents,
  type FederationWays,
  type JoinedFederation,
  type OwnPlaces,
} from '../../core/engine/index.ts'
import { connectBroker, isOpen, shownAddress } from './broker.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { plainCopy } from './plainCopy.ts'
import { listen, watchBroker } from './watchBroker.ts'

const federationSubjects = {
  /** What a client publishes. */
  from: (name: string) => `hiso.federation.from.${name}`,
  /** What the server sends it. */
  to: (name: string) => `hiso.federation.to.${name}`,
} as const

/** How long a client waits for a server that never answers before it says so. */
const noServerMs = 10_000

/** The process that publishes for a client. */
const sessionHeader = 'Session'

/** The server's side. @throws HisoError BROKER_… */
export async function openFederation(
  address: string,
  credentialsPath: string | undefined,
  events: FederationEvents,
): Promise<FederationWays> {
  const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
  const connection = await connectBroker(address, { credentials, name: 'hiso serve' })
  const watch = watchBroker(connection, {
    where: shownAddress(address),
    lacking: {
      what: 'these credentials are not the server’s of this federation',
      remedy: 'Name invitations/server.yaml of its folder with --credentials',
    },
    ...wordsOfOutage(events.onNotice.bind(events)),
    onRefused: ({ message }) => events.onNotice(message),
  })
  const prefix = federationSubjects.from('')
  listen(connection, `${prefix}*`, ({ subject, data, headers: own }) => {
    const session = own?.get(sessionHeader) || undefined
    events.onFrame(subject.slice(prefix.length), plainCopy(data), session)
  })
  // A broker answers for those who don't listen; clients themselves never do.
  const absences = `hiso.federation.absent`
  listen(connection, `${absences}.*`, ({ subject, headers: own }) => {
    if (own?.code === 503) events.onAbsent(subject.slice(absences.length + 1))
  })
  await closedUnless(connection, watch.allowed())
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
  const session = randomUUID()
  const membership = new Membership({
    ...options,
    session,
    publish(frame) {
      if (!isOpen(connection)) return
      const own = headers()
      own.set(sessionHeader, session)
      connection.publish(federationSubjects.from(name), frame, { headers: own })
    },
  })
  const watch = watchBroker(connection, {
    where: shownAddress(address),
    lacking: lackingOf(name, credentials),
    ...wordsOfOutage(onNotice, () => membership.hello()),
    onRefused: (error) => membership.fail(error),
  })
  listen(connection, federationSubjects.to(name), ({ data }) => membership.receive(plainCopy(data)))
  signal?.addEventListener('abort', () => membership.end())
  if (signal?.aborted === true) membership.end()
  await closedUnless(connection, watch.allowed())
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

function wordsOfOutage(onNotice: (text: string) => void, onBack = () => {}) {
  return {
    onAway: () => onNotice('The broker can’t be reached; trying again until it can.'),
    onBack: () => {
      onNotice('The broker is back.')
      onBack()
    },
  }
}

function lackingOf(name: string, { user }: Credentials) {
  const ask = `ask who runs the federation for ${name}’s credentials file`
  return user === undefined || user === name
    ? { what: `these credentials are not ${name}’s`, remedy: `Name others, or ${ask}` }
    : {
        what: `these credentials are ${user}’s, and not ${name}’s`,
        remedy: `Join with --client ${user}, or ${ask}`,
      }
}

async function closedUnless(connection: NatsConnection, allowed: Promise<void>): Promise<void> {
  try {
    await allowed
  } catch (error) {
    await connection.close()
    throw error
  }
}
