/**
 * What participants measure at one local step: the losses that gradient scalars come from, and for
 * methods whose step needs it the curvature along the step's directions.
 */
import {
  sampleSlopes,
  type Estimator,
  type Probe,
  type ScalarMethod,
  type SubspaceCurvature,
} from '../methods/index.ts'
import { meanLoss, type SampleLosses } from '../model/index.ts'
import { lossesOf, type LossCall, type LossOrder } from './worker.ts'
import type { WorkerPool } from './workerPool.ts'

interface Measurement {
  /** f at the client's x; undefined where no call asked for it. */
  readonly base: number | undefined
  /** f at each of the estimator's probes. */
  readonly losses: readonly number[]
  readonly curvature?: SubspaceCurvature
}

export interface MeasuredStep {
  readonly of: (client: number) => Measurement
  /** Minibatch losses that were asked for. */
  readonly forwardPasses: number
}

/** @param perturbations P */
export async function measureStep(
  pool: WorkerPool,
  order: LossOrder,
  { step, mu }: ScalarMethod,
  estimator: Estimator,
  perturbations: number,
): Promise<MeasuredStep> {
  const probes = estimator.probes(perturbations)
  if (!step.needsCurvature) {
    const answers = await pool.losses(order)
    const sorted = sortLosses(order.calls, answers)
    const of = (client: number) => {
      const own = sorted.get(client)!
      return { base: own.get('base'), losses: probes.map((probe) => own.get(probeKey(probe))!) }
    }
    return { of, forwardPasses: answers.length }
  }
  const { assignment, localStep } = order
  const [answers, matrix] = await Promise.all([
    pool.sampleLosses(order),
    pool.first((worker) => worker.curvature({ assignment, localStep })),
  ])
  const sorted = sortLosses<SampleLosses>(order.calls, answers)
  const of = (client: number) => {
    const own = sorted.get(client)!
    const [base, samples] = [own.get('base'), probes.map((probe) => own.get(probeKey(probe))!)]
    return {
      base: base && meanLoss(base),
      losses: samples.map(meanLoss),
      curvature:
        matrix === undefined
          ? { slopes: sampleSlopes(estimator, samples, perturbations, mu) }
          : { matrix },
    }
  }
  return { of, forwardPasses: answers.length }
}

function probeKey(probe: Probe): string {
  return probe.side === 'base' ? 'base' : `${probe.side} ${probe.perturbation}`
}

/** Losses by client and probe. */
function sortLosses<Loss>(
  calls: readonly LossCall[],
  answers: ArrayLike<Loss>,
): Map<number, Map<string, Loss>> {
  const sorted = new Map<number, Map<string, Loss>>()
  let next = 0
  for (const call of calls) {
    for (const { client, probe } of lossesOf(call)) {
      const own = sorted.get(client) ?? new Map<string, Loss>()
      sorted.set(client, own.set(probeKey(probe), answers[next++]!))
    }
  }
  return sorted
}
