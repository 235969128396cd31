/**
 * Vectors of length d in the memory of the device that computes the losses, and the arithmetic that
 * a round does with them. platform implements it; core/federation decides which vectors to keep,
 * and for how long.
 */

import type { LowRankLayout } from './grouped/lowRankLayout.ts'

/** Whether x stays on the device that computes the losses, or is sent for every forward pass. */
export type Residency = 'resident' | 'fed'

/** float32[d] on the device. Its values never change; the receiver frees it. */
export interface DeviceVector {
  free(): void
}

/**
 * Every operation rounds to float32 once per multiplication, addition and subtraction, in the order
 * of the kernels of the same name, so equal inputs give equal bits on the device and here. A device
 * that computes otherwise is not opened as a `DeviceMemory`.
 */
export interface DeviceMemory {
  upload(vector: Float32Array): Promise<DeviceVector>
  download(vector: DeviceVector): Promise<Float32Array>
  /**
   * A low-rank direction from its factors, as `Kernels.product`: U V of every matrix. Undefined
   * where the device makes other bits of it.
   * @param factors see `LowRankLayout`
   */
  expand(layout: LowRankLayout, factors: Float32Array): Promise<DeviceVector | undefined>
  /** x + mu · z, as `Kernels.perturb` and `Kernels.accumulate` */
  perturb(x: DeviceVector, z: DeviceVector, mu: number): Promise<DeviceVector>
  /** x − learningRate · (delta + weightDecay · x), as `Kernels.descend` */
  descend(
    x: DeviceVector,
    delta: DeviceVector,
    learningRate: number,
    weightDecay: number,
  ): Promise<DeviceVector>
}
