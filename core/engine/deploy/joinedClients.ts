/**
 * The clients of a federation that really is one: who is there, who is called, and whose answers
 * count. The server believes a client nothing but its own reply to the round that is open.
 */
import { messageOf } from '../../base/index.ts'
import { formatConfig, type RunConfig } from '../../config/index.ts'
import {
  FederationStopped,
  participantsAmong,
  type PlayedRound,
  type RealClients,
  type RoundWaits,
  type Server,
} from '../../federation/index.ts'
import { createMethod, movesVectors } from '../../methods/index.ts'
import { decode, type Entry, type Hello, type Reply } from '../../wire/index.ts'
import { encodeServerMessage, type ServerMessage } from './messages.ts'
import type { Roster } from './roster.ts'

/** A client that has said nothing for so long is not there. It says hello every two seconds. */
const silenceMs = 6500
/** One that has been called so long ago and says hello without an answer is called again. */
const summonsMs = 1500
/** Frames of the log that are sent in one message: half of what a broker takes. */
const partBytes = 2 ** 19
/** Between two looks at who is still there. */
const lookEveryMs = 250
/** Refusals of one client that people read; the others are only counted. */
const mostNotices = 10

export interface JoinedClientsOptions {
  readonly config: RunConfig
  readonly server: Server
  readonly roster: Roster
  /** SHA-256 of the model that all begin with. */
  readonly model: string
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
  send(name: string, message: Uint8Array): void
  onNotice(text: string): void
}

interface Client {
  readonly name: string
  readonly index: number
  heardAt: number
  known: number
  /** Whether it has told of a log that is not the server's. */
  isAnew: boolean
  summonedAt: number
  answeredRound?: number
  notices: number
}

interface OpenRound {
  readonly round: number
  readonly opening: Uint8Array
  readonly openedAt: number
  readonly called: ReadonlySet<number>
  readonly replies: Map<number, Uint8Array>
  /** When each has answered, since it was opened. */
  readonly answeredMs: Map<number, number>
}

/** What a round's participants have sent, by ascending client. */
interface Answers {
  readonly replies: readonly Uint8Array[]
  readonly waits: RoundWaits
}

export class JoinedClients implements RealClients {
  readonly #options: JoinedClientsOptions
  readonly #clients = new Map<string, Client>()
  #open: OpenRound | undefined
  #isBegun = false
  #isOver = false
  #wake: () => void = () => {}

  constructor(options: JoinedClientsOptions) {
    this.#options = options
  }

  async play(round: number, opening: Uint8Array): Promise<PlayedRound> {
    const { config, server, quorum, start } = this.#options
    for (;;) {
      const present = await this.#untilPresent(this.#isBegun ? quorum : Math.max(start, quorum))
      this.#isBegun = true
      const participants = participantsAmong(present, config.federation, config.seed, round)
      const known = participants.map((index) => this.#at(index).known)
      for (const index of participants) server.learnsOf(index, this.#at(index).known)
      const answers = await this.#gather(round, participants, opening)
      if (answers !== undefined) {
        const { replies, waits } = answers
        return {
          participants,
          known,
          waits,
          gathered: { replies, trainLoss: undefined, forwardPasses: this.#passes(round, replies) },
        }
      }
      this.#options.onNotice(
        `Round ${round + 1} is begun again: too few of its participants are left.`,
      )
    }
  }

  /** A client's name is who the broker says that it is. */
  receive(name: string, frame: Uint8Array): void {
    const index = this.#options.roster.indexOf(name)
    if (index === undefined) {
      this.#send(name, {
        type: 'refusal',
        reason: `${name} is not invited: ask for hiso serve --invite ${name}`,
        isFinal: true,
      })
      return
    }
    const client = this.#clients.get(name) ?? this.#meet(name, index)
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

  /** Nobody listens under this name any more. */
  leave(name: string): void {
    const client = this.#clients.get(name)
    if (client === undefined || !this.#isHere(client)) return
    client.heardAt = -Infinity
    this.#options.onNotice(`${name} has left.`)
    this.#wake()
  }

  /** Gives up the round in progress. */
  stop(): void {
    this.#isOver = true
    this.#wake()
  }

  /** @param isOver tells everybody that no other sitting follows */
  close(isOver: boolean): void {
    this.stop()
    if (!isOver) return
    const { rounds } = this.#options.server.log
    for (const { name } of this.#clients.values()) this.#send(name, { type: 'farewell', rounds })
  }

  #meet(name: string, index: number): Client {
    const client: Client = {
      ...{ name, index, known: 0, notices: 0, isAnew: false },
      ...{ heardAt: -Infinity, summonedAt: -Infinity },
    }
    this.#clients.set(name, client)
    return client
  }

  #greet(client: Client, { round, fingerprint }: Hello): void {
    const { config, roster, model, version, server } = this.#options
    if (!isSame(fingerprint, this.#options.fingerprint)) {
      if (fingerprint.some((byte) => byte !== 0))
        this.#refuse(client, 'it holds another federation, config or model')
      this.#send(client.name, {
        type: 'welcome',
        id: roster.id,
        client: client.index,
        configText: formatConfig(config),
        model,
        version,
        fingerprint: this.#options.fingerprint,
      })
      return
    }
    const wasHere = this.#isHere(client)
    client.heardAt = this.#options.now()
    // One that knows more than the log holds knows another log, and begins anew.
    const known = round > server.log.rounds ? 0 : round
    client.isAnew = known !== round
    client.known = known
    if (!wasHere) this.#options.onNotice(`${client.name} is here.`)
    const open = this.#open
    const lacksSummons =
      open?.called.has(client.index) === true &&
      !open.replies.has(client.index) &&
      (!wasHere || client.heardAt - client.summonedAt > summonsMs)
    if (lacksSummons) this.#summon(client, open)
    if (!wasHere) this.#wake()
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
    if (!open.called.has(client.index)) throw new Error(`round ${round + 1} did not call it`)
    const before = open.replies.get(client.index)
    if (before !== undefined) {
      if (isSame(before, frame)) return
      throw new Error(`it has answered round ${round + 1} twice, and differently`)
    }
    this.#checkShape(reply, frame)
    const now = this.#options.now()
    open.replies.set(client.index, frame.slice())
    open.answeredMs.set(client.index, now - open.openedAt)
    client.heardAt = now
    client.known = round
    client.isAnew = false
    client.answeredRound = round
    this.#wake()
  }

  #checkShape(reply: Reply, frame: Uint8Array): void {
    const { config, server } = this.#options
    const scalarsPerStep = this.#scalarsPerStep(reply.round)
    const entry = { round: reply.round, scalarsPerStep } as Entry
    const length = server.exchange.lengthsOf(entry).reply(reply.client)
    const count = scalarsPerStep * config.federation.localSteps
    if (
      reply.scalarsPerStep !== scalarsPerStep ||
      reply.scalars.length !== count ||
      frame.length !== length
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
    const { quorum, deadlineMs } = this.#options
    const now = () => this.#options.now()
    const open: OpenRound = {
      round,
      opening,
      openedAt: now(),
      called: new Set(participants),
      replies: new Map(),
      answeredMs: new Map(),
    }
    this.#open = open
    for (const index of participants) this.#summon(this.#at(index), open)
    const enough = Math.min(quorum, participants.length)
    let remindedAt = now()
    for (;;) {
      const missing = [...participants].filter((index) => !open.replies.has(index))
      const isLate = now() - open.openedAt >= deadlineMs
      const awaited = missing.filter((index) => this.#isHere(this.#at(index)))
      const has = open.replies.size >= enough
      if (missing.length === 0 || (has && (isLate || awaited.length === 0))) break
      if (this.#isOver || (!has && awaited.length === 0)) {
        this.#open = undefined
        if (this.#isOver) throw new FederationStopped()
        return undefined
      }
      await this.#nextNews()
      if (now() - remindedAt < lookEveryMs) continue
      remindedAt = now()
      // A client that is gone does not listen, and the broker says so.
      for (const index of awaited)
        if (!open.replies.has(index)) this.#send(this.#at(index).name, { type: 'reminder', round })
    }
    this.#open = undefined
    const answering = [...open.replies.keys()].sort((a, b) => a - b)
    return {
      replies: answering.map((index) => open.replies.get(index)!),
      waits: {
        answeredMs: answering.map((index) => open.answeredMs.get(index)!),
        closedMs: now() - open.openedAt,
      },
    }
  }

  #summon(client: Client, { round, opening }: OpenRound): void {
    const { log } = this.#options.server
    const { name, isAnew, known } = client
    const bytes = log.since(known).length
    const stride = Math.max(1, Math.floor(((round - known) * partBytes) / Math.max(1, bytes)))
    let from = known
    for (; round - from > stride; from += stride) {
      const frames = log.slice(from, from + stride)
      this.#send(name, { type: 'log', isAnew: isAnew && from === known, frames })
    }
    const missed = log.since(from)
    this.#send(name, { type: 'summons', round, isAnew: isAnew && from === known, missed, opening })
    client.summonedAt = this.#options.now()
  }

  async #untilPresent(wanted: number): Promise<readonly number[]> {
    let isSaid = false
    for (;;) {
      const present = [...this.#clients.values()]
        .filter((client) => this.#isHere(client))
        .map(({ index }) => index)
        .sort((a, b) => a - b)
      if (present.length >= wanted) return present
      if (this.#isOver) throw new FederationStopped()
      if (!isSaid)
        this.#options.onNotice(`Waiting for clients: ${present.length} of ${wanted} are here.`)
      isSaid = true
      await this.#nextNews()
    }
  }

  /** Waits until somebody has come, gone or answered, or for a moment. */
  async #nextNews(): Promise<void> {
    const news = new Promise<void>((resolve) => (this.#wake = resolve))
    await Promise.race([news, this.#options.wait(lookEveryMs)])
  }

  #passes(round: number, { length }: readonly Uint8Array[]): number {
    const method = this.#method
    const probes = method.estimator.probes(method.perturbations(round)).length
    return length * probes * this.#options.config.federation.localSteps
  }

  #scalarsPerStep(round: number): number {
    const method = this.#method
    return method.perturbations(round) * method.estimator.scalarsPerDirection
  }

  get #method() {
    const { method, federation } = this.#options.config
    if (movesVectors(method)) throw new Error('real clients send scalars')
    return createMethod(method, federation.rounds)
  }

  #at(index: number): Client {
    for (const client of this.#clients.values()) if (client.index === index) return client
    throw new Error(`client ${index + 1} has never been there`)
  }

  #isHere({ heardAt }: Client): boolean {
    return this.#options.now() - heardAt < silenceMs
  }

  #refuse(client: Client, reason: string): void {
    this.#send(client.name, { type: 'refusal', reason, isFinal: false })
    if (client.notices++ < mostNotices)
      this.#options.onNotice(`Refused a message of ${client.name}: ${reason}.`)
  }

  #send(name: string, message: ServerMessage): void {
    this.#options.send(name, encodeServerMessage(message))
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
