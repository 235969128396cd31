/** A round that real clients are answering: who was called, who has answered, who is missing. */
import type { RoundWaits } from '../../federation/index.ts'
import { encode, snapshotParts, type ScalarLog } from '../../wire/index.ts'
import { encodeServerMessage } from './messages.ts'

/** Frames of the log that are sent in one message: half of what a broker takes. */
const partBytes = 2 ** 19

/** What a round's participants have sent, by ascending client. */
export interface Answers {
  readonly answering: Uint32Array
  readonly replies: readonly Uint8Array[]
  readonly waits: RoundWaits
}

export class OpenRound {
  readonly round: number
  readonly openedAt: number
  readonly #opening: Uint8Array
  readonly #called: ReadonlySet<number>
  readonly #missing: Set<number>
  readonly #replies = new Map<number, Uint8Array>()
  readonly #answeredMs = new Map<number, number>()
  /** What is sent to those who get a snapshot. */
  #snapshotSummons: Promise<readonly Uint8Array[]> | undefined
  /** What is sent to those who know so many rounds: most know the same. */
  readonly #summons = new Map<number, readonly Uint8Array[]>()

  constructor(round: number, opening: Uint8Array, participants: Uint32Array, openedAt: number) {
    this.round = round
    this.openedAt = openedAt
    this.#opening = opening
    this.#called = new Set(participants)
    this.#missing = new Set(participants)
  }

  /** Those who were called and have not answered. */
  get missing(): ReadonlySet<number> {
    return this.#missing
  }

  get answers(): number {
    return this.#replies.size
  }

  hasCalled(index: number): boolean {
    return this.#called.has(index)
  }

  replyOf(index: number): Uint8Array | undefined {
    return this.#replies.get(index)
  }

  accept(index: number, frame: Uint8Array, now: number): void {
    this.#missing.delete(index)
    this.#replies.set(index, frame)
    this.#answeredMs.set(index, now - this.openedAt)
  }

  /** The messages that call a client which knows so many rounds of the log. */
  summonsFor(known: number, log: ScalarLog): readonly Uint8Array[] {
    const before = this.#summons.get(known)
    if (before !== undefined) return before
    const { round } = this
    const bytes = log.bytesSince(known)
    const stride = Math.max(1, Math.floor(((round - known) * partBytes) / Math.max(1, bytes)))
    const messages: Uint8Array[] = []
    let from = known
    for (; round - from > stride; from += stride)
      messages.push(
        encodeServerMessage({ type: 'log', frames: log.slice(from, from + stride).slice() }),
      )
    const missed = log.since(from)
    messages.push(encodeServerMessage({ type: 'summons', round, missed, opening: this.#opening }))
    // A long catch-up is made again instead of kept.
    if (messages.length === 1) this.#summons.set(known, messages)
    return messages
  }

  /**
   * The messages that call a client with a snapshot of the state before the round.
   * @param sentVectors see `JoinedClientsOptions`
   */
  snapshotSummons(
    log: ScalarLog,
    sentVectors: () => Promise<readonly Float32Array[]>,
  ): Promise<readonly Uint8Array[]> {
    this.#snapshotSummons ??= this.#makeSnapshotSummons(log, sentVectors)
    return this.#snapshotSummons
  }

  async #makeSnapshotSummons(
    log: ScalarLog,
    sentVectors: () => Promise<readonly Float32Array[]>,
  ): Promise<readonly Uint8Array[]> {
    const { round } = this
    const vectors = await sentVectors()
    const parts = Array.from(snapshotParts({ round, changed: log.changed, vectors }), encode)
    // Settings that were changed since then.
    const missed = log.since(round).slice()
    const summons = { type: 'summons', round, missed, opening: this.#opening } as const
    return [
      ...parts.map((frame) => encodeServerMessage({ type: 'snapshot', frame })),
      encodeServerMessage(summons),
    ]
  }

  close(now: number): Answers {
    const answering = Uint32Array.from(this.#replies.keys()).sort()
    return {
      answering,
      replies: Array.from(answering, (index) => this.#replies.get(index)!),
      waits: {
        answeredMs: Array.from(answering, (index) => this.#answeredMs.get(index)!),
        closedMs: now - this.openedAt,
      },
    }
  }
}
