/**
 * The server of a scalar-only federation. It holds the log, what each client has seen of it, and the byte ledger - and no vector
 * of length d: everything it says and hears is a frame.
 */
import { HisoError } from '../base/index.ts'
import type { FederationSettings } from '../config/index.ts'
import {
  decode,
  encode,
  Ledger,
  ScalarLog,
  type Change,
  type Entry,
  type LogMessage,
  type Reply,
  type RoundBytes,
} from '../wire/index.ts'
import { mean, type Aggregator } from './aggregator.ts'
import { answeringOf, participantsOf, seedsOf } from './participation.ts'

/** What the server sends at the start of a round. */
export interface Call {
  readonly round: number
  readonly participants: Uint32Array
  /** Those of the participants whose answer will arrive. */
  readonly answering: Uint32Array
  /** The frame of the round's assignment, the same for every participant. */
  readonly assignment: Uint8Array
}

export class Server {
  readonly log: ScalarLog
  readonly ledger: Ledger
  readonly #federation: FederationSettings
  readonly #seed: number
  readonly #aggregator: Aggregator
  /** Rounds that each client has seen, int32[M]: all that a dormant client costs here, besides its two ledger lines. */
  readonly #seen: Int32Array
  #call: Call | undefined
  #seeds: Uint32Array = new Uint32Array()
  #replies: Reply[] = []

  constructor(federation: FederationSettings, seed: number, aggregator: Aggregator = mean) {
    this.#federation = federation
    this.#seed = seed
    this.#aggregator = aggregator
    this.#seen = new Int32Array(federation.clients)
    this.log = new ScalarLog()
    this.ledger = new Ledger(federation.clients)
  }

  /** Opens the round that follows the log: samples participants, sends each the assignment and all that it has missed. */
  call(): Call {
    const round = this.log.rounds
    this.#seeds = seedsOf(this.#federation, this.#seed, round)
    const assignment = encode({ type: 'assignment', round, seeds: this.#seeds })
    const participants = participantsOf(this.#federation, this.#seed, round)
    for (const client of participants) {
      this.ledger.received(client, assignment.length, this.log.bytesSince(this.#seen[client]!))
      this.#seen[client] = round
    }
    this.#replies = []
    this.#call = {
      round,
      participants,
      answering: answeringOf(participants, this.#federation, this.#seed, round),
      assignment,
    }
    return this.#call
  }

  /** The catch-up of a client: the frames it lacks, to be called before the round is. */
  catchUpOf(client: number): Uint8Array {
    return this.log.since(this.#seen[client]!)
  }

  /** Takes in a participant's frame. @throws HisoError WIRE_CORRUPT */
  receive(frame: Uint8Array): void {
    const { message } = decode(frame)
    if (message.type !== 'reply' || message.round !== this.#call?.round)
      throw new HisoError('WIRE_CORRUPT', {
        what: `the server expected a reply for round ${this.log.rounds + 1} and got another message`,
      })
    this.ledger.sent(message.client, frame.length)
    this.#replies.push(message)
  }

  /** Closes the round: aggregates, appends to the log. @returns the entry's frame and the round's bytes */
  closeRound(): { readonly frame: Uint8Array; readonly bytes: RoundBytes } {
    const frame = this.log.append(this.#entry())
    return { frame, bytes: this.ledger.closeRound() }
  }

  /** Records a change of a setting from the coming round on. @returns its frame */
  change(setting: Change['setting'], value: number): Uint8Array {
    return this.log.append({ type: 'change', round: this.log.rounds, setting, value })
  }

  /**
   * Brings a new server to where another one stopped, from its log. Who was called and who answered follows from the seed, and so
   * does the length of every frame.
   */
  restore(messages: Iterable<LogMessage>): void {
    for (const message of messages) {
      if (message.type === 'entry') {
        const scalars = new Float32Array(this.#federation.localSteps * message.perturbations)
        const { round, answering } = this.call()
        for (const client of answering)
          this.ledger.sent(
            client,
            encode({ ...message, type: 'reply', round, client, scalars }).length,
          )
      }
      this.log.append(message)
      if (message.type === 'entry') this.ledger.closeRound()
    }
  }

  #entry(): Entry {
    const round = this.log.rounds
    const replies = this.#replies.sort((a, b) => a.client - b.client)
    const [first] = replies
    if (first === undefined)
      return {
        type: 'entry',
        round,
        seeds: new Uint32Array(),
        perturbations: 1,
        aggregates: new Float32Array(),
      }
    const { perturbations } = first
    return {
      type: 'entry',
      round,
      seeds: this.#seeds,
      perturbations,
      aggregates: this.#aggregator.aggregate(replies),
    }
  }
}
