/**
 * What a client that has missed rounds is sent: those rounds of the log, or a snapshot of the state
 * after them. Either brings it to the same bits.
 */
import { HisoError } from '../base/index.ts'
import { methodTitle } from '../config/index.ts'
import { createMethod, movesVectors } from '../methods/index.ts'
import { snapshotFrameBytes, type ScalarLog, type SnapshotShape } from '../wire/index.ts'
import type { ExchangeConfig } from './createExchange.ts'
import { sentVectors } from './snapshot.ts'
import type { RoundWorker } from './worker.ts'

export interface CatchUp {
  readonly kind: 'replay' | 'snapshot'
  readonly bytes: number
}

/** What a client lacks of a log with so many rounds. */
export interface Missed {
  /** Rounds of the log. */
  readonly round: number
  /** How many of them it lacks. */
  readonly rounds: number
  /** Bytes of their frames. */
  readonly bytes: number
  /** Settings that were changed in them or before. */
  readonly changed: number
  /** Bytes of those frames that belong to the coming round: they follow a snapshot, too. */
  readonly pending: number
}

export class CatchUpRule {
  readonly #choice: ExchangeConfig['federation']['catchUp']
  readonly #vectors: number | undefined

  /** @throws HisoError CONFIG_INVALID where a state does not fit into a snapshot */
  constructor({ federation, method }: ExchangeConfig) {
    // A method that sends whole models has no catch-up.
    this.#choice = movesVectors(method) ? 'replay' : federation.catchUp
    if (this.#choice === 'replay') return
    this.#vectors = stateVectors({ federation, method })
    if (this.#vectors === undefined)
      throw new HisoError('CONFIG_INVALID', {
        where: 'federation.catchUp',
        what: `with these settings ${methodTitle(method.name)} keeps more than x, H and a velocity, and a snapshot holds no more`,
        remedy: 'Set federation.catchUp=replay',
      })
  }

  /** Whether a client may be sent a snapshot; `choose` then needs d. */
  get hasSnapshots(): boolean {
    return this.#choice !== 'replay'
  }

  /** @param dim d */
  choose({ round, rounds, bytes, changed, pending }: Missed, dim: number | undefined): CatchUp {
    const replay: CatchUp = { kind: 'replay', bytes }
    // Nobody is sent a state that it has.
    if (this.#vectors === undefined || rounds === 0) return replay
    if (dim === undefined) throw new Error('a server that sends snapshots was not told d')
    const shape = { vectors: this.#vectors, dim }
    const whole = snapshotFrameBytes(round, shape, changed) + pending
    const snapshot: CatchUp = { kind: 'snapshot', bytes: whole }
    return this.#choice === 'snapshot' || snapshot.bytes < bytes ? snapshot : replay
  }
}

/**
 * How many vectors of length d the state of a scalar-only method is; undefined where it is more
 * than such vectors, or where every round sends the whole model.
 */
function stateVectors({
  federation,
  method,
}: Pick<ExchangeConfig, 'federation' | 'method'>): number | undefined {
  if (movesVectors(method)) return undefined
  const { curvature, hasVelocity } = createMethod(method, federation.rounds)
  // Whether a curvature has a memory does not depend on how many parameters there are.
  if (curvature.open({ dim: 1, tensors: [] }) !== undefined) return undefined
  return 1 + (curvature.isFlat === true ? 0 : 1) + (hasVelocity ? 1 : 0)
}

/** The vectors of a worker's state, as a snapshot holds them. */
export async function sentVectorsOf(
  worker: Pick<RoundWorker, 'snapshot'>,
): Promise<readonly Float32Array[]> {
  const snapshot = await worker.snapshot()
  if (snapshot === undefined) throw new Error('this worker has only a part of the state')
  return sentVectors(snapshot)
}

/** @param dim d */
export function snapshotShape(
  config: Pick<ExchangeConfig, 'federation' | 'method'>,
  dim: number,
): SnapshotShape | undefined {
  const vectors = stateVectors(config)
  return vectors === undefined ? undefined : { vectors, dim }
}

/** What a client lacks that knows so many rounds of a log. */
export function missedOf(log: ScalarLog, known: number): Missed {
  const { rounds: round, changed } = log
  return {
    round,
    rounds: round - known,
    bytes: log.bytesSince(known),
    changed: changed.length,
    pending: log.bytesSince(round),
  }
}
