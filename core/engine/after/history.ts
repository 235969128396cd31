/** The diagonal Hessian at chosen rounds of a run, by replay of its log. */
import { HisoError, type Host } from '../../base/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { AnyReplica } from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { messagesOf, readStoredModel, type StoredModel } from '../../runs/index.ts'
import type { LogMessage } from '../../wire/index.ts'
import { openReplica } from './rebuildState.ts'

/** The diagonal Hessian at some rounds of a run, rebuilt from the log. */
export interface HessianSnapshot {
  /** Rounds completed. */
  readonly rounds: number
  /** Counts of log10(h) in equal bins from `low` to `high`. */
  readonly histogram: Uint32Array
  readonly low: number
  readonly high: number
  /** Values by descending rank at logarithmically spaced ranks. */
  readonly ranks: Float64Array
  readonly values: Float64Array
  /** Tr(H) / max(H) */
  readonly effectiveRank: number
}

/**
 * Replays the log without any forward pass, and reads H `snapshots` times, evenly spaced, including
 * the last round. Empty for methods that move whole vectors and learn no H.
 */
export async function readHessian(
  host: Pick<EngineHost, keyof Host | 'memoryBytes'>,
  folder: string,
  snapshots: number,
): Promise<HessianSnapshot[]> {
  const run = await readStoredModel(host, folder)
  if (movesVectors(run.config.method)) return []
  checkMemory(run.record.model.dim, host.memoryBytes, folder)
  const { rounds } = run.log
  const every = Math.max(1, Math.ceil(rounds / snapshots))
  const taken: HessianSnapshot[] = []
  for await (const replica of statesOf(host, run, new Float32Array(run.record.model.dim)))
    if (replica.rounds > 0 && (rounds - replica.rounds) % every === 0)
      taken.push(snapshotOf(replica))
  return taken
}

/** x, H and what a step needs besides, in vectors of length d. */
const VECTORS = 4

/** A record may come from anywhere, and say any d. @throws HisoError MEMORY_EXHAUSTED */
function checkMemory(dim: number, memoryBytes: number, folder: string): void {
  const needed = 4 * dim * VECTORS
  if (needed <= memoryBytes / 2) return
  throw new HisoError('MEMORY_EXHAUSTED', {
    where: folder,
    what: `rebuilding the H of its ${dim} parameters takes ${Math.ceil(needed / 2 ** 30)} GiB, more than half of this machine's memory`,
    remedy: 'Open the run on a machine with more memory; its other charts can be seen here',
  })
}

/**
 * The states of a run by replay of its log: (x_r, H_r) for r = 0, 1, …, always in the same replica;
 * H_r = 1 if the method learns none.
 * @param initial x_0, float32[d]; any vector if only H is needed
 * @param change what to apply instead of each message
 */
export async function* statesOf(
  host: Host,
  { config, record, log }: Pick<StoredModel, 'config' | 'record' | 'log'>,
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
