/** A model that says what it sees in a grey picture. */
import type { Trainable } from '../model/index.ts'

export interface PictureModel {
  readonly height: number
  readonly width: number
  readonly classes: readonly string[]
  /** As the run's record has it. */
  readonly fingerprint: string
  readonly trainables: readonly Trainable[]
  initialParams(): Float32Array
  /**
   * @param params float32[d]
   * @param pixels float32[height · width] in [0, 1], row by row, white 1
   * @returns the probability of each class
   */
  ask(params: Float32Array, pixels: Float32Array): Promise<readonly number[]>
  release(): Promise<void>
}
