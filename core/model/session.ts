/**
 * The one thing asked of an inference runtime: run a trainable graph at given parameters.
 * Implemented by platform on onnxruntime-node; no other folder knows it.
 */
import type { DeviceMemory, DeviceVector } from './deviceMemory.ts'
import type { TrainableGraph } from './trainableGraph.ts'

/** @typeParam Params where x lies: in this memory, or in the device's */
export interface LossRunner<Params> {
  /**
   * @param params float32[d]; fed to the graph without a copy, so it must not change until the run
   *   is over. The same memory may hold other values in the next run
   * @param features float32[rows · featureSize]
   * @param labels int64[rows]
   * @returns losses, float32[rows]; and logits, float32[rows · classes], when asked for: arrays of
   *   the caller's own
   * @throws HisoError MODEL_UNSUPPORTED when the graph can't run on these rows
   */
  run(
    params: Params,
    features: Float32Array,
    labels: BigInt64Array,
    wantLogits: boolean,
  ): Promise<{ readonly losses: Float32Array; readonly logits?: Float32Array }>
}

export interface LossSession extends LossRunner<Float32Array> {
  /** The same at parameters that stay on the device; left out where they are fed for every run. */
  readonly device?: DeviceMemory & LossRunner<DeviceVector>
  release(): Promise<void>
}

/**
 * Opens a session. @throws HisoError MODEL_UNSUPPORTED when the runtime refuses the graph, with the
 * runtime's reason.
 */
export type OpenSession = (graph: TrainableGraph) => Promise<LossSession>
