/**
 * A method that moves whole models, as a composition of pieces: local steps, a correction, a
 * server's step, an encoding of updates.
 */
import type { VectorSettings } from '../../config/index.ts'
import { scheduleFactor } from '../schedule.ts'
import { createCompression, type Compression } from './compression.ts'
import type { Drift } from './drift.ts'
import type { LocalGradient } from './localGradient.ts'
import type { ServerOptimiser } from './serverOptimiser.ts'

/** What distinguishes one method from another. */
export interface VectorPieces {
  readonly gradient: LocalGradient
  readonly drift: Drift
  readonly server: ServerOptimiser
}

export interface VectorMethod extends VectorPieces {
  readonly protocol: 'vector'
  readonly compression: Compression
  /** β of the local steps. */
  readonly localMomentum: number
  /** λ */
  readonly weightDecay: number
  /** Vectors in each message, of length d: x and, with control variates, c. */
  readonly vectors: number
  /** η of a round */
  learningRate(round: number): number
  /** P of a round; 0 for true gradients */
  perturbations(round: number): number
}

/** @param rounds R, the length of the cosine schedule */
export function composeVectorMethod(
  settings: VectorSettings,
  rounds: number,
  pieces: VectorPieces,
): VectorMethod {
  const { learningRate, learningRateSchedule, weightDecay } = settings
  return {
    ...pieces,
    protocol: 'vector',
    compression: createCompression(settings.compression),
    localMomentum: 'localMomentum' in settings ? settings.localMomentum : 0,
    weightDecay,
    vectors: pieces.drift.controls ? 2 : 1,
    learningRate: (round) => learningRate * scheduleFactor(learningRateSchedule, round, rounds),
    perturbations: () => pieces.gradient.perturbations,
  }
}
