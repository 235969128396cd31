/** A run's model, rebuilt from its log. */
import { resolve } from 'node:path'
import { replayRun } from '../core/engine/index.ts'
import { thisMachine } from './host.ts'

export interface ReplayOptions {
  /** How many rounds are replayed; all if left out. */
  readonly rounds?: number
}

export interface ReplayedRun {
  /** Rounds that were replayed. */
  readonly rounds: number
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d]; all 1 for a method that learns none. */
  readonly hessian: Float32Array
  /** SHA-256 of x followed by H. */
  readonly stateHash: string
  /**
   * Whether the state is the one that the run recorded; undefined where it recorded none after so
   * many rounds.
   */
  readonly isVerified: boolean | undefined
}

/** @throws HisoError when the run, its data or its model can't be read */
export async function replay(folder: string, { rounds }: ReplayOptions = {}): Promise<ReplayedRun> {
  const { recordedHash, ...state } = await replayRun(thisMachine(), resolve(folder), rounds)
  const isVerified = recordedHash === undefined ? undefined : recordedHash === state.stateHash
  return { ...state, isVerified }
}
