/**
 * A client's stay in a federation: what it does with each of the server's messages, and what it
 * publishes. How bytes travel is not known here.
 */
import { HisoError, messageOf } from '../../base/index.ts'
import { encode } from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { ClientSeat, OwnPlaces } from './clientSeat.ts'
import {
  decodeServerMessage,
  federationProtocol,
  type ServerMessage,
  type Welcome,
} from './messages.ts'

interface MembershipOptions {
  readonly name: string
  /** Another one for each process: the server tells two of one name apart by it. */
  readonly session?: string | undefined
  readonly host: Pick<EngineHost, 'startClient'>
  readonly places: OwnPlaces
  readonly publish: (frame: Uint8Array) => void
  readonly onNotice: (text: string) => void
  readonly onAnswered?: ((round: number) => void) | undefined
}

export interface JoinedFederation {
  /** Rounds that it knows; `stateHash` is that of the state after them. */
  readonly rounds: number
  /** Rounds of the federation; undefined for a stay that ended before that did. */
  readonly allRounds: number | undefined
  readonly stateHash: string | undefined
}

interface Received {
  readonly bytes: Uint8Array
  readonly message: ServerMessage
}

/** Of messages that were ignored; the others are only counted. */
const mostNotices = 10
/** Until a server says how often. */
const firstHelloMs = 2000
/** What a client says that does not know what it joins. */
const noFingerprint = new Uint8Array(32)

export class Membership {
  readonly #options: MembershipOptions
  readonly #received: Received[] = []
  #welcome: Welcome | undefined
  #seat: ClientSeat | undefined
  #rounds = 0
  #allRounds: number | undefined
  #answered: { readonly round: number; readonly frame: Uint8Array } | undefined
  #wake: () => void = () => {}
  #isComputing = false
  #isEnded = false
  #hasServer = false
  #problem: Error | undefined
  #ignored = 0

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  /** Whether a server has said anything. */
  get hasServer(): boolean {
    return this.#hasServer
  }

  /** Until the federation is over, or `end` is called. @throws HisoError */
  async play(): Promise<JoinedFederation> {
    try {
      while (!this.#isEnded) {
        const next = this.#received.shift()
        if (next === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
        else await this.#obey(next)
      }
      if (this.#problem !== undefined) throw this.#problem
      const [rounds, allRounds] = [this.#rounds, this.#allRounds]
      return { rounds, allRounds, stateHash: await this.#seat?.stateHash() }
    } finally {
      await this.#seat?.close()
    }
  }

  receive(bytes: Uint8Array): void {
    try {
      const message = decodeServerMessage(bytes)
      this.#hasServer = true
      if (message.type === 'reminder') {
        this.#heed(message.round)
        return
      }
      if (message.type === 'refusal' && this.#isForAnother(message.session)) return
      this.#received.push({ bytes, message })
      this.#wake()
    } catch (error) {
      // Whoever reaches an open broker can publish here: what no server sends ends nobody's stay.
      if (this.#ignored++ < mostNotices)
        this.#options.onNotice(`A message that no server sends was ignored: ${messageOf(error)}.`)
    }
  }

  #isForAnother(session: string | undefined): boolean {
    return session !== undefined && session !== this.#options.session
  }

  /** The server waits: what may have been lost on the way is sent again, or asked for. */
  #heed(round: number): void {
    if (this.#answered?.round === round) this.#options.publish(this.#answered.frame)
    else if (!this.#isComputing) this.hello()
  }

  /** How often a hello is due. */
  get helloEveryMs(): number {
    return this.#welcome?.helloEveryMs ?? firstHelloMs
  }

  /** Says that it is there, and how much of the log it knows. */
  hello(): void {
    const fingerprint = this.#seat === undefined ? noFingerprint : this.#welcome!.fingerprint
    this.#options.publish(
      encode({ type: 'hello', round: this.#rounds, fingerprint, protocol: federationProtocol }),
    )
  }

  /** `play` throws this. */
  fail(error: unknown): void {
    this.#problem = error as Error
    this.end()
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  async #obey({ message, bytes }: Received): Promise<void> {
    const { onNotice, publish, onAnswered } = this.#options
    switch (message.type) {
      case 'welcome':
        await this.#enter(message)
        return
      case 'log':
      case 'snapshot':
      case 'summons': {
        if (this.#seat === undefined) return
        this.#isComputing = true
        const { rounds, frame } = await this.#seat.take(bytes)
        this.#isComputing = false
        this.#rounds = rounds
        if (message.type !== 'summons') return
        // What it lacks is sent again when it says how much it knows.
        if (frame === undefined) {
          this.hello()
          return
        }
        this.#answered = { round: message.round, frame }
        publish(frame)
        onAnswered?.(message.round)
        return
      }
      case 'refusal':
        if (message.isFinal) throw new HisoError('FEDERATION_REFUSED', { what: message.reason })
        onNotice(`The server refused a message: ${message.reason}.`)
        return
      case 'farewell':
        this.#allRounds = message.rounds
        onNotice(`The federation is over after ${message.rounds} rounds.`)
        this.end()
        return
      case 'reminder':
        return
    }
  }

  /** Each hello that was on its way while the task was opened is answered with one more welcome. */
  async #enter(welcome: Welcome): Promise<void> {
    if (this.#seat !== undefined && isSame(this.#welcome!, welcome)) return
    const { host, places, onNotice, name } = this.#options
    await this.#seat?.close()
    this.#seat = undefined
    this.#seat = await host.startClient(welcome, places)
    this.#welcome = welcome
    this.#rounds = 0
    this.#answered = undefined
    onNotice(`${name} is client ${welcome.client + 1} of the federation.`)
    this.hello()
  }
}

/** Whether a welcome is to the same seat of the same federation. */
function isSame(a: Welcome, b: Welcome): boolean {
  return (
    a.id === b.id &&
    a.client === b.client &&
    a.fingerprint.every((byte, at) => byte === b.fingerprint[at])
  )
}
