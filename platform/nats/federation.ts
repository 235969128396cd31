/**
 * A federation over a broker: each client publishes on a subject of its own and hears on another
 * one, and the broker sees to it that nobody uses somebody else's. What clients publish are frames,
 * without anything around them.
 */
import type { NatsConnection } from '@nats-io/transport-node'
import { HisoError } from '../../core/base/index.ts'
import {
  decodeServerMessage,
  FederationClient,
  type EngineHost,
  type OwnPlaces,
  type ServerMessage,
} from '../../core/engine/index.ts'
import { encode } from '../../core/wire/index.ts'
import { connectBroker, isOpen } from './broker.ts'
import { readCredentials } from './credentials.ts'
import { plainCopy } from './plainCopy.ts'

const federationSubjects = {
  /** What a client publishes. */
  from: (name: string) => `hiso.federation.from.${name}`,
  /** What the server sends it. */
  to: (name: string) => `hiso.federation.to.${name}`,
} as const

/** Between two hellos of a client. */
const helloEveryMs = 2000
/** How long a client waits for a server that never answers before it says so. */
const noServerMs = 10_000

export interface FederationWays {
  send(name: string, message: Uint8Array): void
  close(): Promise<void>
}

export interface FederationEvents {
  onFrame(name: string, frame: Uint8Array): void
  /** Nobody listens under this name. */
  onAbsent(name: string): void
  onNotice(text: string): void
}

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

export interface JoinedFederation {
  readonly rounds: number
  readonly stateHash: string | undefined
}

/**
 * Is one client of a federation until that ends, or the signal says so.
 * @throws HisoError BROKER_…, FEDERATION_…, and whatever is wrong with the data
 */
export async function joinFederation(options: JoinOptions): Promise<JoinedFederation> {
  const { address, name, credentialsPath } = options
  const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
  const connection = await connectBroker(address, {
    credentials,
    name: `hiso join ${name}`,
    // It asks nothing, so no answers arrive anywhere else.
    inboxPrefix: federationSubjects.to(name),
  })
  try {
    return await new Membership(connection, options).play()
  } finally {
    await connection.close()
  }
}

/** A client's stay in a federation. */
class Membership {
  readonly #connection: NatsConnection
  readonly #options: JoinOptions
  readonly #messages: ServerMessage[] = []
  #client: FederationClient | undefined
  #wake: () => void = () => {}
  #isEnded = false
  #problem: Error | undefined

  constructor(connection: NatsConnection, options: JoinOptions) {
    this.#connection = connection
    this.#options = options
    const { name, signal } = options
    connection.subscribe(federationSubjects.to(name), {
      callback: (error, message) => {
        if (error === null) this.#receive(plainCopy(message.data))
        else this.#fail(error)
      },
    })
    signal?.addEventListener('abort', () => this.#end())
    void watchBroker(connection, options.onNotice, () => this.#hello())
    void connection.closed().then((error) => {
      if (error instanceof Error) this.#fail(error)
    })
  }

  async play(): Promise<JoinedFederation> {
    this.#hello()
    const timer = setInterval(() => this.#hello(), helloEveryMs)
    const noServer = setTimeout(() => {
      this.#options.onNotice('No server answers yet: waiting until hiso serve is started there.')
    }, noServerMs)
    try {
      while (!this.#isEnded) {
        const message = this.#messages.shift()
        if (message === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
        else {
          clearTimeout(noServer)
          await this.#obey(message)
        }
      }
      if (this.#problem !== undefined) throw this.#problem
      const stateHash = await this.#client?.stateHash()
      return { rounds: this.#client?.rounds ?? 0, stateHash }
    } finally {
      clearInterval(timer)
      clearTimeout(noServer)
      await this.#client?.close()
    }
  }

  #receive(bytes: Uint8Array): void {
    try {
      const message = decodeServerMessage(bytes)
      if (message.type === 'reminder') {
        this.#remind(message.round)
        return
      }
      this.#messages.push(message)
      this.#wake()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Sends again what may have been lost on the way. */
  #remind(round: number): void {
    const answer = this.#client?.answerTo(round)
    if (answer !== undefined) this.#publish(answer)
  }

  async #obey(message: ServerMessage): Promise<void> {
    const { host, places, onNotice, onAnswered, name } = this.#options
    switch (message.type) {
      case 'welcome':
        // Each hello that was on its way while the task was opened is answered with one more.
        if (this.#client?.isWelcomedBy(message) === true) return
        if (this.#client !== undefined) await this.#client.close()
        this.#client = await FederationClient.open(host, message, places, (count) =>
          crypto.getRandomValues(new Uint32Array(count)),
        )
        onNotice(`${name} is client ${message.client + 1} of the federation.`)
        this.#hello()
        return
      case 'log':
        await this.#client?.learn(message)
        return
      case 'summons': {
        const frame = await this.#client?.answer(message)
        if (frame === undefined) return
        this.#publish(frame)
        onAnswered?.(message.round)
        return
      }
      case 'refusal':
        if (message.isFinal) {
          throw new HisoError('FEDERATION_REFUSED', {
            what: message.reason,
          })
        }
        onNotice(`The server refused a message: ${message.reason}.`)
        return
      case 'farewell':
        onNotice(`The federation is over after ${message.rounds} rounds.`)
        this.#end()
        return
      case 'reminder':
        return
    }
  }

  #hello(): void {
    const unknown = new Uint8Array(32)
    this.#publish(
      this.#client?.hello() ?? encode({ type: 'hello', round: 0, fingerprint: unknown }),
    )
  }

  #publish(frame: Uint8Array): void {
    if (isOpen(this.#connection))
      this.#connection.publish(federationSubjects.from(this.#options.name), frame)
  }

  #fail(error: unknown): void {
    this.#problem = error as Error
    this.#end()
  }

  #end(): void {
    this.#isEnded = true
    this.#wake()
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
