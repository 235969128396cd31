/**
 * A scalar-only zeroth-order method as a composition of pieces; the paper's generalized framework
 * (Algorithm 1, v2).
 */
import type { ScalarSettings } from '../config/index.ts'
import type { Cone } from './cone.ts'
import type { Curvature } from './curvature.ts'
import type { Direction } from './direction.ts'
import { estimators, type Estimator } from './estimator.ts'
import type { Scaling } from './scaling.ts'
import { scheduleFactor } from './schedule.ts'
import { steps, type Step } from './step.ts'

/** What distinguishes one method from another. */
export interface ScalarPieces {
  readonly direction: Direction
  readonly curvature: Curvature
  /** Absent if directions lean nowhere. */
  readonly cone?: Cone
  /** Absent if a direction is multiplied by its scalar. */
  readonly scaling?: Scaling
  /** Absent if the setting `estimator` chooses the differences. */
  readonly estimator?: Estimator
  /** What is measured in place of it while the curvature learns, where that needs more. */
  readonly learningEstimator?: Estimator
  /**
   * Rounds at the start in which only the curvature learns: the learning rate is 0. None by
   * default.
   */
  readonly warmUp?: number
  /** Rounds at the start after which the curvature stays as it is; it never does if left out. */
  readonly learningRounds?: number
  /** The fewest directions that the curvature can be told from; 1 if left out. */
  readonly leastPerturbations?: number
}

export interface ScalarMethod extends Omit<ScalarPieces, 'estimator' | 'learningEstimator'> {
  readonly protocol: 'scalar'
  readonly step: Step
  readonly distribution: ScalarSettings['distribution'] | 'low-rank'
  /** r of low-rank directions. */
  readonly rank: number
  /** μ */
  readonly mu: number
  /** β, the share of the velocity that a round keeps. */
  readonly momentum: number
  /** Whether there is a velocity. */
  readonly hasVelocity: boolean
  /** Whether the directions of a step act as if they were orthogonal: see `orthogonalScalars`. */
  readonly orthogonal: boolean
  /** λ */
  readonly weightDecay: number
  /** The differences of a round. */
  estimator(round: number): Estimator
  /** η of a round */
  learningRate(round: number): number
  /** P of a round, at least 1, or what the curvature needs */
  perturbations(round: number): number
}

/** @param rounds R, the length of the cosine schedule */
export function composeMethod(
  settings: ScalarSettings,
  rounds: number,
  pieces: ScalarPieces,
): ScalarMethod {
  const { learningRate, learningRateSchedule, perturbations, perturbationSchedule } = settings
  const {
    estimator = estimators[settings.estimator],
    learningEstimator = estimator,
    ...others
  } = pieces
  const { warmUp = 0, learningRounds = Infinity, leastPerturbations = 1 } = pieces
  return {
    protocol: 'scalar',
    ...others,
    estimator: (round) => (round < learningRounds ? learningEstimator : estimator),
    step: steps[settings.step],
    momentum: settings.momentum,
    hasVelocity: settings.momentum > 0 || pieces.cone !== undefined,
    orthogonal: settings.orthogonal,
    distribution: settings.distribution,
    rank: 'rank' in settings ? settings.rank : 1,
    mu: settings.mu,
    weightDecay: settings.weightDecay,
    learningRate: (round) =>
      round < warmUp ? 0 : learningRate * scheduleFactor(learningRateSchedule, round, rounds),
    perturbations: (round) =>
      Math.max(
        leastPerturbations,
        Math.round(perturbations * scheduleFactor(perturbationSchedule, round, rounds)),
      ),
  }
}
