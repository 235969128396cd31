/**
 * What a run's log and replies tell about its past: scalars of clients, and the diagonal Hessian at
 * chosen rounds, by replay.
 */
import type { Host } from '../../base/index.ts'
import type { AnyReplica } from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { messagesOf, readRun, type ReplyReader, type StoredRun } from '../../runs/index.ts'
import type { LogMessage, Reply } from '../../wire/index.ts'
import { openReplica } from './rebuildState.ts'
import type { HessianSnapshot, ScalarSpread } from './snapshot.ts'

/**
 * Mean and range over clients of every gradient scalar of the rounds [from, to); empty for methods
 * that send none.
 */
export async function readScalars(
  replies: ReplyReader,
  from: number,
  to: number,
): Promise<ScalarSpread> {
  const answers = await replies.read(from, to)
  const rounds = byRound(answers.filter((answer) => answer.type === 'reply'))
  const total = [...rounds.values()].reduce((sum, [first]) => sum + first!.scalars.length, 0)
  const spread = {
    round: new Uint32Array(total),
    localStep: new Uint32Array(total),
    perturbation: new Uint32Array(total),
    mean: new Float32Array(total),
    min: new Float32Array(total),
    max: new Float32Array(total),
    clients: new Uint32Array(total),
  }
  let at = 0
  for (const [round, replies] of rounds) {
    const { perturbations, scalars } = replies[0]!
    for (let index = 0; index < scalars.length; index++, at++) {
      spread.round[at] = round
      spread.localStep[at] = Math.floor(index / perturbations)
      spread.perturbation[at] = index % perturbations
      spread.clients[at] = replies.length
      spread.mean[at] = sumOf(replies, index) / replies.length
      spread.min[at] = replies.reduce(
        (low, reply) => Math.min(low, reply.scalars[index]!),
        Infinity,
      )
      spread.max[at] = replies.reduce(
        (high, reply) => Math.max(high, reply.scalars[index]!),
        -Infinity,
      )
    }
  }
  return spread
}

function byRound(replies: readonly Reply[]): Map<number, Reply[]> {
  const rounds = new Map<number, Reply[]>()
  for (const reply of replies) {
    const own = rounds.get(reply.round)
    if (own === undefined) rounds.set(reply.round, [reply])
    else own.push(reply)
  }
  return rounds
}

function sumOf(replies: readonly Reply[], index: number): number {
  return replies.reduce((sum, { scalars }) => sum + scalars[index]!, 0)
}

/**
 * Replays the log without a single forward pass, looking at H `snapshots` times, evenly spaced, the
 * last round among them; empty for methods that have no H to learn because they move whole vectors.
 */
export async function readHessian(
  host: Host,
  folder: string,
  snapshots: number,
): Promise<HessianSnapshot[]> {
  const run = await readRun(host, folder)
  if (movesVectors(run.config.method)) return []
  const { rounds } = run.log
  const every = Math.max(1, Math.ceil(rounds / snapshots))
  const taken: HessianSnapshot[] = []
  for await (const replica of statesOf(host, run, new Float32Array(run.record.model.dim)))
    if (replica.rounds > 0 && (rounds - replica.rounds) % every === 0)
      taken.push(snapshotOf(replica))
  return taken
}

/**
 * The states that a run went through, by replay of its log: (x_r, H_r) for r = 0, 1, …, always in
 * the same replica; H_r = 1 where the method learns none.
 * @param initial x_0, float32[d]; whoever asks for H alone may pass any
 * @param change what to apply instead of each message
 */
export async function* statesOf(
  host: Host,
  { config, record, log }: Pick<StoredRun, 'config' | 'record' | 'log'>,
  initial: Float32Array,
  change: (message: LogMessage) => LogMessage = (message) => message,
): AsyncGenerator<AnyReplica> {
  const replica = openReplica(config, record.model.trainables, initial)
  yield replica
  for (const message of messagesOf(log)) {
    replica.apply(change(message))
    if (message.type === 'change') continue
    yield replica
    if (replica.rounds % 32 === 0) await host.breathe()
  }
}

/** Bins of the histogram and ranks of the rank plot. */
const bins = 64
const rankPoints = 64

export function snapshotOf({
  hessian,
  rounds,
}: Pick<AnyReplica, 'hessian' | 'rounds'>): HessianSnapshot {
  const sorted = Float32Array.from(hessian).sort().reverse()
  const dim = sorted.length
  const low = Math.log10(sorted[dim - 1]!)
  const high = Math.log10(sorted[0]!)
  const histogram = new Uint32Array(bins)
  let trace = 0
  for (const value of sorted) {
    trace += value
    const bin = high > low ? Math.floor(((Math.log10(value) - low) / (high - low)) * bins) : 0
    histogram[Math.min(bins - 1, bin)]!++
  }
  const ranks = [
    ...new Set(
      Array.from({ length: rankPoints }, (_, i) => Math.round(dim ** (i / (rankPoints - 1)))),
    ),
  ]
  return {
    rounds,
    histogram,
    low,
    high,
    ranks: Float64Array.from(ranks),
    values: Float64Array.from(ranks, (rank) => sorted[rank - 1]!),
    effectiveRank: trace / sorted[0]!,
  }
}
