/**
 * The objective of a language model with its true gradient, for first-order methods and the Hessian
 * lab.
 */
import type { WeightedGradients } from '../../onnx/index.ts'
import type { DifferentiableObjective } from '../differentiableObjective.ts'
import type { GraphRunner, NamedTensor } from './graphRunner.ts'
import { createLanguageObjective, type LanguageOptions } from './languageObjective.ts'
import { labelledRows, parameterFeeds, tokenFeeds } from './tokenFeeds.ts'

export interface DifferentiableLanguageOptions extends LanguageOptions {
  /** Of `graph`. */
  readonly gradients: Pick<WeightedGradients, 'gradients' | 'shares'>
  /** Runs the graph of the gradients. */
  readonly gradientRunner: GraphRunner
}

/** @throws HisoError as `createLanguageObjective` */
export function createDifferentiableLanguage(
  options: DifferentiableLanguageOptions,
): DifferentiableObjective {
  const { graph, dataset, gradients, gradientRunner } = options
  const objective = createLanguageObjective(options)
  const feeds = parameterFeeds(graph)
  /** The gradient's outputs as views of the caller's memory. */
  const fetches = (out: Float32Array): Record<string, NamedTensor> =>
    Object.fromEntries(
      graph.trainables.map(({ shape, offset, size }, i) => [
        gradients.gradients[i]!,
        { data: out.subarray(offset, offset + size), shape },
      ]),
    )
  return {
    ...objective,
    async gradient(params, batch, out) {
      const rows = labelledRows(dataset.train, options.batchOf(batch))
      if (rows.length === 0) {
        out.fill(0)
        return NaN
      }
      const { feeds: tokens, picksPerRow } = tokenFeeds(rows, graph, dataset.padding)
      const shares = sharesOf(picksPerRow)
      const results = await gradientRunner.run(
        {
          ...feeds(params),
          ...tokens,
          [gradients.shares]: { data: shares, shape: [shares.length] },
        },
        { [graph.losses]: undefined, ...fetches(out) },
      )
      return results[graph.losses]!.reduce((sum, loss, pick) => sum + shares[pick]! * loss, 0)
    },
    async release() {
      await Promise.all([objective.release(), gradientRunner.release()])
    },
  }
}

/** The weight of each pick in the mean over rows of the means over a row's picks. */
export function sharesOf(picksPerRow: readonly number[]): Float32Array {
  return Float32Array.from(
    picksPerRow.flatMap((picks) => new Array<number>(picks).fill(1 / (picks * picksPerRow.length))),
  )
}
