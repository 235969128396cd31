/** A walk through a round, as it crosses to a face: plain data. */
import type { WalkStep } from '../../walk/index.ts'

export interface WalkedParticipant {
  readonly client: number
  /** Whether its answer arrived. */
  readonly answers: boolean
  readonly attacks: boolean
  readonly missedRounds: number
  readonly catchUpBytes: number
  /** 0 where none arrived. */
  readonly replyBytes: number
  /** What it sent, float32[τ · P]; empty where it sends vectors. */
  readonly scalars: Float32Array
}

export interface RoundWalk {
  /** Zero-based. */
  readonly round: number
  /** Finished rounds of the run. */
  readonly rounds: number
  /** Whose steps are shown, zero-based. */
  readonly client: number
  readonly participants: readonly WalkedParticipant[]
  readonly steps: readonly WalkStep[]
  /** What FedAvg would send to each participant, and get back from each. */
  readonly fedAvgBytes: number
  /** ḡ, float32[τ · P]; empty where vectors are aggregated. */
  readonly aggregates: Float32Array
  /** d */
  readonly dim: number
  /** Some coordinates of the state. */
  readonly coordinates: {
    readonly positions: Uint32Array
    readonly paramsBefore: Float32Array
    readonly paramsAfter: Float32Array
    readonly hessianBefore: Float32Array
    readonly hessianAfter: Float32Array
  }
}

/** A part of a tensor, rows × columns. */
export interface TensorSample {
  readonly name: string
  readonly shape: readonly number[]
  readonly rows: number
  readonly columns: number
  readonly noise: Float32Array
  readonly direction: Float32Array
}

export interface DrawnDirection {
  readonly tensor: TensorSample
  /** At the positions of `RoundWalk.coordinates`. */
  readonly noise: Float32Array
  readonly direction: Float32Array
}
