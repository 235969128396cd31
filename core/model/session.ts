/**
 * What the engine needs from an inference runtime: run a trainable graph at given parameters.
 * platform implements it on onnxruntime-node, which no other folder knows.
 */
import type { DeviceMemory, DeviceVector } from './deviceMemory.ts'

/** @typeParam Params where x lies: in this memory, or on the device */
export interface LossRunner<Params> {
  /**
   * @param params float32[d]; fed to the graph without a copy, so it must not change until the run
   *   is over. The same memory may hold other values in the next run
   * @param features float32[rows · featureSize]
   * @param labels int64[rows]
   * @returns losses, float32[rows]; and logits, float32[rows · classes], if requested; the caller
   *   owns the arrays
   * @throws HisoError MODEL_UNSUPPORTED if the graph cannot run on these rows
   */
  run(
    params: Params,
    features: Float32Array,
    labels: BigInt64Array,
    wantLogits: boolean,
  ): Promise<{ readonly losses: Float32Array; readonly logits?: Float32Array }>
}

export interface LossSession extends LossRunner<Float32Array> {
  /** The same with parameters that stay on the device; absent if they are sent for every run. */
  readonly device?: DeviceMemory & LossRunner<DeviceVector>
  release(): Promise<void>
}
