/**
 * What first-order methods need from a runtime: the gradient at given parameters. Implemented by
 * platform.
 */
import type { GradientGraph } from './gradientGraph.ts'

export interface GradientSession {
  /**
   * @param params float32[d]; fed to the graph without a copy, so it must not change until the run
   *   is over
   * @param features float32[rows · featureSize]
   * @param labels int64[rows]
   * @param out float32[d], receives the gradient of the mean loss in the order of the parameters;
   *   not the memory of `params`
   * @returns mean of the losses over the rows, summed in float64 in row order
   * @throws HisoError MODEL_UNSUPPORTED if the graph cannot run on these rows
   */
  run(
    params: Float32Array,
    features: Float32Array,
    labels: BigInt64Array,
    out: Float32Array,
  ): Promise<number>
  release(): Promise<void>
}

/**
 * Opens a session. @throws HisoError MODEL_UNSUPPORTED if the runtime refuses the graph, with the
 * runtime's reason.
 */
export type OpenGradientSession = (graph: GradientGraph) => Promise<GradientSession>
