/**
 * The gradient scalars of a run's rounds: what its clients sent, from the replies, and what became
 * of it, from the log.
 */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import { createMethod, movesVectors, type ScalarMethod } from '../../methods/index.ts'
import { openLog, openReplies, readRunConfig, type RoundReader } from '../../runs/index.ts'
import type { Answer, Entry, LogMessage, Reply } from '../../wire/index.ts'

/**
 * One element per round, local step and perturbation. Second differences, which some methods send
 * besides, are left out.
 */
export interface ScalarSpread {
  readonly round: Uint32Array
  readonly localStep: Uint32Array
  readonly perturbation: Uint32Array
  /** ḡ, as the log has it. */
  readonly aggregate: Float32Array
  /** The smallest and the largest scalar that a client sent. */
  readonly min: Float32Array
  readonly max: Float32Array
  /** How many sent one. */
  readonly clients: Uint32Array
}

/** Reads a run's scalars piece by piece, also while it is being played. */
export class ScalarReader {
  readonly #host: Host
  readonly #folder: string
  readonly #replies: RoundReader<Answer>
  readonly #log: RoundReader<LogMessage>
  /** Null for methods that send vectors; undefined until it is known. */
  #method: ScalarMethod | null | undefined

  constructor(host: Host, folder: string) {
    this.#host = host
    this.#folder = folder
    this.#replies = openReplies(host, folder)
    this.#log = openLog(host, folder)
  }

  /** Of the rounds [from, to), as far as their replies were kept; none of vector methods. */
  async read(from: number, to: number): Promise<ScalarSpread> {
    this.#method ??= scalarMethodOf(await readRunConfig(this.#host, this.#folder))
    const method = this.#method
    if (method === null) return spreadOf([])
    const replies = byRound(await this.#replies.read(from, to))
    const rounds = (await this.#log.read(from, to)).flatMap((message): Round[] => {
      const own = replies.get(message.round)
      if (message.type !== 'entry' || own === undefined) return []
      const { scalarsPerDirection } = method.estimator(message.round)
      return [{ entry: message, replies: own, scalarsPerDirection }]
    })
    return spreadOf(rounds)
  }
}

interface Round {
  readonly entry: Entry
  readonly replies: readonly Reply[]
  readonly scalarsPerDirection: number
}

/** Null for methods that send vectors. */
function scalarMethodOf({ method, federation }: RunConfig): ScalarMethod | null {
  return movesVectors(method) ? null : createMethod(method, federation.rounds)
}

function byRound(answers: readonly Answer[]): Map<number, Reply[]> {
  const rounds = new Map<number, Reply[]>()
  for (const answer of answers) {
    if (answer.type !== 'reply') continue
    const own = rounds.get(answer.round)
    if (own === undefined) rounds.set(answer.round, [answer])
    else own.push(answer)
  }
  return rounds
}

/** A local step's scalars are one per perturbation, then the second differences, if any. */
function spreadOf(rounds: readonly Round[]): ScalarSpread {
  const total = rounds.reduce(
    (sum, { entry, scalarsPerDirection }) => sum + entry.aggregates.length / scalarsPerDirection,
    0,
  )
  const spread = {
    round: new Uint32Array(total),
    localStep: new Uint32Array(total),
    perturbation: new Uint32Array(total),
    aggregate: new Float32Array(total),
    min: new Float32Array(total),
    max: new Float32Array(total),
    clients: new Uint32Array(total),
  }
  let at = 0
  for (const { entry, replies, scalarsPerDirection } of rounds) {
    const { round, localSteps, scalarsPerStep, aggregates } = entry
    for (let localStep = 0; localStep < localSteps; localStep++)
      for (let p = 0; p < scalarsPerStep / scalarsPerDirection; p++, at++) {
        const index = localStep * scalarsPerStep + p
        const sent = replies.map(({ scalars }) => scalars[index]!)
        spread.round[at] = round
        spread.localStep[at] = localStep
        spread.perturbation[at] = p
        spread.aggregate[at] = aggregates[index]!
        spread.min[at] = sent.reduce((low, scalar) => Math.min(low, scalar), Infinity)
        spread.max[at] = sent.reduce((high, scalar) => Math.max(high, scalar), -Infinity)
        spread.clients[at] = sent.length
      }
  }
  return spread
}
