/**
 * The server of a federation. It holds the log, what each client has seen of it, and the byte
 * ledger. For a scalar-only method it holds no vector of length d: all its input and output are
 * frames.
 */
import { HisoError } from '../base/index.ts'
import {
  decode,
  Ledger,
  ScalarLog,
  type Answer,
  type Change,
  type LogMessage,
  type RoundBytes,
} from '../wire/index.ts'
import type { RunConfig } from '../config/index.ts'
import { isReached, type RoundTimes } from '../network/index.ts'
import { createExchange, type ExchangeConfig } from './createExchange.ts'
import type { RoundCall, Exchange } from './exchange.ts'
import { seededAttendance, type Attendance } from './attendance.ts'
import { CatchUpRule, missedOf, type CatchUp } from './catchUp.ts'
import { lateIn, NetworkClock, type SimulatedRound } from './networkClock.ts'

/** What a server depends on. */
export type ServerConfig = ExchangeConfig & Pick<RunConfig, 'network' | 'devices'>

/** Used where only the length of the frame is known. */
const noOpening = new Uint8Array()

export class Server {
  readonly exchange: Exchange
  readonly log: ScalarLog
  readonly ledger: Ledger
  /** d; needed where clients may be sent snapshots, from the second round on. */
  dim: number | undefined
  readonly #catchUp: CatchUpRule
  readonly #attendance: Attendance
  /** Of a simulated network. */
  readonly #clock: NetworkClock | undefined
  /**
   * Rounds that each client has seen, int32[M]: all that a dormant client costs here, besides its
   * two ledger lines.
   */
  readonly #seen: Int32Array
  #calledRound = -1
  #answers: Answer[] = []
  #times: RoundTimes | undefined
  #broadcastBytes = 0

  /**
   * @param dim d, where it is known already
   * @param attendance who took part, for a log of real clients; left out, as the config says
   * @throws HisoError CONFIG_INVALID for snapshots of a state that fits into none
   */
  constructor(config: ServerConfig, dim?: number, attendance?: Attendance) {
    this.dim = dim
    this.#catchUp = new CatchUpRule(config)
    this.exchange = createExchange(config)
    this.#attendance = attendance ?? seededAttendance(config)
    this.#clock = attendance === undefined ? NetworkClock.of(config) : undefined
    // Written now, like the ledger's lines.
    this.#seen = new Int32Array(config.federation.clients).fill(0)
    this.log = new ScalarLog()
    this.ledger = new Ledger(config.federation.clients)
  }

  /** Who takes part in the round that follows the log. Nothing is sent yet. */
  summon(opening: Uint8Array): RoundCall {
    return this.#summon(opening, opening.length)
  }

  /** Opens that round: each participant is sent the opening frame and all that it has missed. */
  open(call: RoundCall): void {
    this.#open(call, call.opening.length)
  }

  /** What a client that lacks something is sent. Call it before the round is opened. */
  catchUpOf(client: number): CatchUp {
    return this.catchUpFrom(this.#seen[client]!)
  }

  /** The same for any client that knows so many rounds. */
  catchUpFrom(known: number): CatchUp {
    if (!this.exchange.catchesUp) return { kind: 'replay', bytes: 0 }
    return this.#catchUp.choose(missedOf(this.log, known), this.dim)
  }

  /** The frames that it lacks. Call it before the round is opened. */
  framesFor(client: number): Uint8Array {
    return this.log.since(this.#seen[client]!)
  }

  /** A client has told how much of the log it knows. */
  learnsOf(client: number, rounds: number): void {
    this.#seen[client] = Math.min(rounds, this.log.rounds)
  }

  /** Rounds that a client lacks. Call it before the round is opened. */
  missedBy(client: number): number {
    return this.log.rounds - this.#seen[client]!
  }

  /** Processes a participant's frame. @throws HisoError WIRE_CORRUPT */
  receive(frame: Uint8Array): void {
    const { message } = decode(frame)
    const { answerType } = this.exchange
    if (message.type !== answerType || message.round !== this.#calledRound)
      throw new HisoError('WIRE_CORRUPT', {
        what: `the server expected a ${answerType} for round ${this.log.rounds + 1} and got another message`,
      })
    this.#count(message.client, frame.length)
    this.#answers.push(message)
  }

  /**
   * Closes the round: aggregates and appends to the log. @returns the entry's frame and the round's
   * bytes
   */
  closeRound(): {
    readonly frame: Uint8Array
    readonly bytes: RoundBytes
    readonly simulated: SimulatedRound | undefined
  } {
    const answers = this.#answers.sort((a, b) => a.client - b.client)
    const frame = this.log.append(this.exchange.entry(this.log.rounds, answers))
    return { frame, bytes: this.ledger.closeRound(), simulated: this.#advance() }
  }

  /**
   * Records a change of a setting from the coming round on. @returns its frame; undefined where the
   * log says so already
   */
  change(setting: Change['setting'], value: number): Uint8Array | undefined {
    if (this.log.repeats({ setting, value })) return undefined
    const change: Change = { type: 'change', round: this.log.rounds, setting, value }
    this.exchange.change(change)
    return this.log.append(change)
  }

  /**
   * Brings a new server to the point where another one stopped, from its log. The config determines
   * who was called and who answered, and so the length of every frame.
   * @param onRound receives each round as it was played
   */
  restore(messages: Iterable<LogMessage>, onRound: (call: RoundCall) => void = () => {}): void {
    for (const message of messages) {
      if (message.type === 'change') {
        this.exchange.change(message)
        this.log.append(message)
        continue
      }
      const lengths = this.exchange.lengthsOf(message)
      const call = this.#summon(noOpening, lengths.opening)
      onRound(call)
      const { participants, answering, known } = call
      if (known !== undefined)
        for (const [at, client] of participants.entries()) this.learnsOf(client, known[at]!)
      this.#open(call, lengths.opening)
      for (const client of answering) this.#count(client, lengths.reply(client))
      this.log.append(message)
      this.ledger.closeRound()
      this.#advance()
    }
  }

  #count(client: number, replyBytes: number): void {
    this.ledger.sent(client, replyBytes)
    this.exchange.privacyBudget?.spend(client)
  }

  #summon(opening: Uint8Array, openingBytes: number): RoundCall {
    const round = this.log.rounds
    const attendance = this.#attendance.of(round)
    if (this.#clock === undefined) return { round, opening, ...attendance }
    const work = this.exchange.workOf(round)
    const catchUpOf = (client: number) => this.catchUpOf(client)
    const timed = this.#clock.timed(round, attendance, work, { openingBytes, catchUpOf })
    return { round, opening, ...timed, known: timed.participants.map((it) => this.#seen[it]!) }
  }

  #open({ round, participants, times }: RoundCall, openingBytes: number): void {
    // A replay is the end of a longer one; a snapshot is the same for all.
    const longest = new Map<CatchUp['kind'], number>()
    for (const [at, client] of participants.entries()) {
      if (times !== undefined && !isReached(times, at)) continue
      const { kind, bytes } = this.catchUpOf(client)
      longest.set(kind, Math.max(longest.get(kind) ?? 0, bytes))
      this.ledger.received(client, openingBytes, bytes)
      this.#seen[client] = round
    }
    const sent = longest.size === 0 ? [0] : [...longest.values()]
    this.#broadcastBytes = sent.reduce((sum, bytes) => sum + openingBytes + bytes, 0)
    this.#times = times
    this.#calledRound = round
    this.#answers = []
  }

  /** Lets the simulated time of the round pass. */
  #advance(): SimulatedRound | undefined {
    const [clock, times] = [this.#clock, this.#times]
    if (clock === undefined || times === undefined) return undefined
    clock.advance(times)
    return {
      simulatedMs: Math.round(clock.now * 1e6) / 1e3,
      late: lateIn(times),
      broadcastBytes: this.#broadcastBytes,
    }
  }
}
