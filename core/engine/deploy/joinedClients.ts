/**
 * The clients of a federation that really is one: who is there, who is called, and whose answers
 * count. The server believes a client nothing but its own reply to the round that is open.
 */
import { messageOf } from '../../base/index.ts'
import { formatConfig, type RunConfig } from '../../config/index.ts'
import {
  FederationStopped,
  participantsAmong,
  type FrameLengths,
  type PlayedRound,
  type RealClients,
  type Server,
} from '../../federation/index.ts'
import type { SampleForm } from '../../tasks/index.ts'
import { decode, type Entry, type Hello, type Reply } from '../../wire/index.ts'
import { encodeServerMessage, federationProtocol, type ServerMessage } from './messages.ts'
import { OpenRound, type Answers } from './openRound.ts'
import { helloEveryMs, Presence, type Client } from './presence.ts'
import type { Roster } from './roster.ts'
import { refusalOf, Sessions } from './sessions.ts'
import type { OnNotice } from '../protocol/notice.ts'

/** One that has been called so long ago and says hello without an answer is called again. */
const summonsMs = 1500
/** A client has a second for each megabyte of a snapshot, before it is sent again. */
const slowestBytesPerMs = 1000
/** Between two looks at who is still there. */
const lookEveryMs = 250
/** Reminders of a round come less and less often, down to one in this time. */
const longestReminderMs = 2000
/** Refusals of one client that people read; the others are only counted. */
const mostNotices = 10
/**
 * A client that lacks the last rounds gets them before the farewell, up to this. Whole logs for
 * thousands of clients at once would choke a broker.
 */
const mostFarewellBytes = 4096

export interface JoinedClientsOptions {
  readonly config: RunConfig
  readonly server: Server
  readonly roster: Roster
  /** SHA-256 of the model that all begin with. */
  readonly model: string
  readonly sampleForm: SampleForm | undefined
  readonly version: string
  /** What hellos must say, 32 bytes. */
  readonly fingerprint: Uint8Array
  /** The first round of a sitting waits for so many clients. */
  readonly start: number
  /** A round needs so many answers. */
  readonly quorum: number
  /** How long a round waits for those who are there. */
  readonly deadlineMs: number
  now(): number
  wait(ms: number): Promise<void>
  /** The vectors of a snapshot of the state at the end of the log. */
  readonly sentVectors: () => Promise<readonly Float32Array[]>
  send(name: string, message: Uint8Array): void
  readonly onNotice: OnNotice
  /** Called when nothing is sent any more. */
  onClosed?(): Promise<void>
}

/** What the replies to a round look like. */
interface ReplyShape {
  readonly scalarsPerStep: number
  readonly count: number
  readonly lengths: FrameLengths
}

export class JoinedClients implements RealClients {
  readonly #options: JoinedClientsOptions
  readonly #presence: Presence
  readonly #sessions = new Sessions()
  #open: OpenRound | undefined
  #shape: ReplyShape | undefined
  #configText: string | undefined
  #isBegun = false
  #isOver = false
  #isLooking = false
  #wake: () => void = () => {}

  constructor(options: JoinedClientsOptions) {
    this.#options = options
    this.#presence = new Presence(options.config.federation.clients, () => options.now())
  }

  async play(round: number, opening: Uint8Array): Promise<PlayedRound> {
    const { config, server, quorum, start } = this.#options
    for (;;) {
      const present = await this.#untilPresent(this.#isBegun ? quorum : Math.max(start, quorum))
      this.#isBegun = true
      const participants = participantsAmong(present, config.federation, config.seed, round)
      const known = participants.map((index) => this.#presence.at(index).known)
      for (const [at, index] of participants.entries()) server.learnsOf(index, known[at]!)
      const answers = await this.#gather(round, participants, opening)
      if (answers !== undefined) {
        const { answering, replies, waits } = answers
        const forwardPasses = this.#passes(round, replies.length)
        const gathered = { replies, trainLoss: undefined, forwardPasses }
        return { participants, known, answering, waits, gathered }
      }
      this.#options.onNotice(
        `Round ${round + 1} is begun again: too few of its participants are left.`,
      )
    }
  }

  /**
   * A client's name is who the broker says that it is.
   * @param session the process that speaks for it
   */
  receive(name: string, frame: Uint8Array, session?: string): void {
    const { roster } = this.#options
    const index = roster.indexOf(name)
    if (index === undefined)
      return this.#send(name, { type: 'refusal', reason: roster.whyNot(name), isFinal: true })
    const client = this.#presence.named(name) ?? this.#presence.meet(name, index)
    if (session !== undefined && !this.#isSeated(client, session)) return
    try {
      const { message, end } = decode(frame)
      if (end !== frame.length) throw new Error('it sent more than one frame')
      if (message.type === 'hello') this.#greet(client, message)
      else if (message.type === 'reply') this.#take(client, message, frame)
      else throw new Error(`it sent a message of type ${message.type}`)
    } catch (error) {
      this.#refuse(client, messageOf(error))
    }
  }

  /** Whether this process speaks for a client; one that does no longer is told so. */
  #isSeated(client: Client, session: string): boolean {
    const { isSeated, replaced } = this.#sessions.hear(client.name, session)
    if (replaced === undefined) return isSeated
    this.#send(client.name, refusalOf(client.name, replaced))
    if (!isSeated) return false
    if (this.#presence.isHere(client))
      this.#options.onNotice(`${client.name} has joined again, and its earlier process ends.`, true)
    // The new one has not been called yet.
    client.summonedAt = -Infinity
    return true
  }

  /** Nobody listens under this name any more. */
  leave(name: string): void {
    const client = this.#presence.named(name)
    if (client === undefined || !this.#presence.leave(client)) return
    this.#options.onNotice(`${name} has left.`)
    this.#wake()
  }

  /** Gives up the round in progress. */
  stop(): void {
    this.#isOver = true
    this.#wake()
  }

  /** @param isOver tells everybody that no other sitting follows */
  async close(isOver: boolean): Promise<void> {
    this.stop()
    if (isOver) for (const client of this.#presence.all) this.#takeLeaveOf(client)
    await this.#options.onClosed?.()
  }

  #takeLeaveOf({ name, known }: Client): void {
    const { log } = this.#options.server
    const bytes = log.bytesSince(known)
    if (bytes > 0 && bytes <= mostFarewellBytes)
      this.#send(name, { type: 'log', frames: log.since(known).slice() })
    this.#send(name, { type: 'farewell', rounds: log.rounds })
  }

  /** Something that people should know. */
  tell(text: string): void {
    this.#options.onNotice(text)
  }

  #greet(client: Client, { round, fingerprint, protocol }: Hello): void {
    const { server } = this.#options
    if (protocol !== federationProtocol) {
      this.#refuse(
        client,
        `it speaks version ${protocol} of a federation’s messages and the server version ${federationProtocol}: install the server’s version of HiSo Studio (${this.#options.version})`,
        true,
      )
      return
    }
    if (!isSame(fingerprint, this.#options.fingerprint)) {
      if (fingerprint.some((byte) => byte !== 0))
        this.#refuse(client, 'it holds another federation, config or model')
      this.#welcome(client)
      return
    }
    const hasCome = this.#presence.hear(client)
    // One that knows more than the log holds knows another log, and begins anew.
    client.known = round > server.log.rounds ? 0 : round
    if (hasCome) this.#options.onNotice(`${client.name} is here.`, true)
    const open = this.#open
    const lacksSummons =
      open?.missing.has(client.index) === true &&
      (hasCome || client.heardAt - client.summonedAt > summonsMs)
    if (lacksSummons) this.#summon(client, open)
    if (hasCome) this.#wake()
  }

  #welcome({ name, index }: Client): void {
    const { config, roster, model, version, fingerprint, sampleForm } = this.#options
    this.#configText ??= formatConfig(config)
    const configText = this.#configText
    const common = { model, version, fingerprint, configText, ...(sampleForm && { sampleForm }) }
    const ms = helloEveryMs(config.federation.clients)
    this.#send(name, { type: 'welcome', id: roster.id, client: index, helloEveryMs: ms, ...common })
  }

  #take(client: Client, reply: Reply, frame: Uint8Array): void {
    const open = this.#open
    const { round } = reply
    if (reply.client !== client.index)
      throw new Error(`it answers as client ${reply.client + 1}, and is client ${client.index + 1}`)
    if (open === undefined || round !== open.round) {
      const { rounds } = this.#options.server.log
      // It was reminded of an answer that was on its way.
      if (round === client.answeredRound) return
      if (round < rounds) throw new Error(`its answer to round ${round + 1} came after its end`)
      if (round > rounds || open !== undefined)
        throw new Error(`it answers round ${round + 1}, which is not open`)
      return
    }
    if (!open.hasCalled(client.index)) throw new Error(`round ${round + 1} did not call it`)
    const before = open.replyOf(client.index)
    if (before !== undefined) {
      if (isSame(before, frame)) return
      throw new Error(`it has answered round ${round + 1} twice, and differently`)
    }
    this.#checkShape(reply, frame)
    open.accept(client.index, frame, this.#options.now())
    this.#presence.hear(client)
    client.known = round
    client.answeredRound = round
    if (this.#isLate(open) || !this.#awaitsAny(open)) this.#wake()
  }

  #checkShape(reply: Reply, frame: Uint8Array): void {
    const { scalarsPerStep, count, lengths } = this.#shape!
    if (
      reply.scalarsPerStep !== scalarsPerStep ||
      reply.scalars.length !== count ||
      frame.length !== lengths.reply(reply.client)
    )
      throw new Error(`its answer does not hold the ${count} scalars that the round asks for`)
    if (!reply.scalars.every(Number.isFinite))
      throw new Error('its answer holds scalars that are no finite numbers')
  }

  /** @returns undefined if too few answers can come */
  async #gather(
    round: number,
    participants: Uint32Array,
    opening: Uint8Array,
  ): Promise<Answers | undefined> {
    const now = () => this.#options.now()
    const open = new OpenRound(round, opening, participants, now())
    this.#shape = this.#shapeOf(round)
    this.#open = open
    for (const index of participants) this.#summon(this.#presence.at(index), open)
    const enough = Math.min(this.#options.quorum, participants.length)
    let reminderMs = lookEveryMs
    let remindedAt = now()
    for (;;) {
      const isAwaited = this.#awaitsAny(open)
      const has = open.answers >= enough
      if (has && (!isAwaited || this.#isLate(open))) break
      if (this.#isOver || (!has && !isAwaited)) {
        this.#open = undefined
        if (this.#isOver) throw new FederationStopped()
        return undefined
      }
      await this.#nextNews()
      if (now() - remindedAt < reminderMs) continue
      remindedAt = now()
      reminderMs = Math.min(2 * reminderMs, longestReminderMs)
      this.#remind(open)
    }
    this.#open = undefined
    return open.close(now())
  }

  /** Whether answers can still come. */
  #awaitsAny({ missing }: OpenRound): boolean {
    for (const index of missing) if (this.#presence.isHere(this.#presence.at(index))) return true
    return false
  }

  #isLate({ openedAt }: OpenRound): boolean {
    return this.#options.now() - openedAt >= this.#options.deadlineMs
  }

  /** A client that is gone does not listen, and the broker says so. */
  #remind({ missing, round }: OpenRound): void {
    for (const index of missing) {
      const client = this.#presence.at(index)
      if (this.#presence.isHere(client)) this.#send(client.name, { type: 'reminder', round })
    }
  }

  #summon(client: Client, open: OpenRound): void {
    const { server } = this.#options
    client.summonedAt = this.#options.now()
    if (server.catchUpFrom(client.known).kind === 'snapshot') {
      void this.#summonBySnapshot(client, open)
      return
    }
    this.#sendAll(client, open.summonsFor(client.known, server.log))
  }

  /** With the state as it is before the round. Whoever could not be sent it is called again. */
  async #summonBySnapshot(client: Client, open: OpenRound): Promise<void> {
    const { server, sentVectors } = this.#options
    try {
      const messages = await open.snapshotSummons(server.log, sentVectors)
      if (this.#open !== open) return
      const bytes = this.#sendAll(client, messages)
      // It says how much it knows while all that is on its way.
      client.summonedAt = this.#options.now() + bytes / slowestBytesPerMs
    } catch (error) {
      this.#options.onNotice(`A snapshot could not be sent: ${messageOf(error)}.`)
    }
  }

  /** @returns how many bytes that were */
  #sendAll({ name }: Client, messages: readonly Uint8Array[]): number {
    for (const bytes of messages) this.#options.send(name, bytes)
    return messages.reduce((sum, { length }) => sum + length, 0)
  }

  async #untilPresent(wanted: number): Promise<readonly number[]> {
    let isSaid = false
    for (;;) {
      const present = this.#presence.here
      if (present.length >= wanted) return present
      if (this.#isOver) throw new FederationStopped()
      if (!isSaid)
        this.#options.onNotice(
          `Waiting for clients: ${present.length} of ${wanted} are here.`,
          true,
        )
      isSaid = true
      await this.#nextNews()
    }
  }

  /** Waits until something has happened that may end the waiting, or for a moment. */
  async #nextNews(): Promise<void> {
    const news = new Promise<void>((resolve) => (this.#wake = resolve))
    if (!this.#isLooking) void this.#look()
    await news
  }

  /** Notes, after a moment, who has fallen silent. */
  async #look(): Promise<void> {
    this.#isLooking = true
    await this.#options.wait(lookEveryMs)
    this.#isLooking = false
    for (const { name } of this.#presence.look())
      this.#options.onNotice(`${name} has said nothing for a while, and is not called any more.`)
    this.#wake()
  }

  #shapeOf(round: number): ReplyShape {
    const { config, server } = this.#options
    const method = this.#method
    const scalarsPerStep = method.perturbations(round) * method.estimator(round).scalarsPerDirection
    const lengths = server.exchange.lengthsOf({ round, scalarsPerStep } as Entry)
    return { scalarsPerStep, count: scalarsPerStep * config.federation.localSteps, lengths }
  }

  #passes(round: number, answers: number): number {
    const method = this.#method
    const probes = method.estimator(round).probes(method.perturbations(round)).length
    return answers * probes * this.#options.config.federation.localSteps
  }

  get #method() {
    const { method } = this.#options.server.exchange
    if (method.protocol !== 'scalar') throw new Error('real clients send scalars')
    return method
  }

  #refuse(client: Client, reason: string, isFinal = false): void {
    this.#send(client.name, { type: 'refusal', reason, isFinal })
    if (client.notices++ < mostNotices)
      this.#options.onNotice(`Refused a message of ${client.name}: ${reason}.`)
  }

  #send(name: string, message: ServerMessage): void {
    this.#options.send(name, encodeServerMessage(message))
  }
}

const isSame = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, at) => byte === b[at])
