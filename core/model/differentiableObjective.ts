/**
 * Objectives that know their true gradient, for first-order methods. Zeroth-order methods never ask
 * for it.
 */
import { createClassificationObjective, type ClassificationOptions } from './classification.ts'
import { GatheredBatches, RowSource } from './gatheredBatches.ts'
import type { BatchAddress, Objective } from './objective.ts'
import type { GradientSession } from './gradientSession.ts'

export interface DifferentiableObjective extends Objective {
  /**
   * ∇f(params; B) of one minibatch; f is the mean loss over its samples.
   *
   * @param params float32[d]; read only during the call
   * @param out float32[d], receives the gradient; not the memory of `params`
   * @returns f(params; B); NaN, and a gradient of 0, for a minibatch without samples
   */
  gradient(params: Float32Array, batch: BatchAddress, out: Float32Array): Promise<number>
}

export function isDifferentiable(objective: Objective): objective is DifferentiableObjective {
  return 'gradient' in objective
}

export interface DifferentiableClassificationOptions extends ClassificationOptions {
  /** Of the same graph as `session`, differentiated. */
  readonly gradientSession: GradientSession
}

/**
 * The objective of a classifier with its gradient. @throws HisoError as
 * `createClassificationObjective`
 */
export function createDifferentiableClassification(
  options: DifferentiableClassificationOptions,
): DifferentiableObjective {
  const { dataset, gradientSession } = options
  const objective = createClassificationObjective(options)
  const source = new RowSource(dataset.train, dataset.featureSize, options.batchSize)
  const gathered = new GatheredBatches(source, options.batchOf)
  return {
    ...objective,
    async gradient(params, batch, out) {
      const { features, labels } = gathered.rowsOf([batch])
      if (labels.length === 0) {
        out.fill(0)
        return NaN
      }
      return gradientSession.run(params, features, labels, out)
    },
    async release() {
      await Promise.all([objective.release(), gradientSession.release()])
    },
  }
}
