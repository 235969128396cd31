/**
 * An ONNX model in the shape that training by forward passes needs: trainable tensors are graph
 * *inputs*, the per-sample loss is a graph *output*. `build.ts` builds it, or `promote.ts` makes it
 * from any file. A `ModelSession` runs it.
 */

/** How a graph takes a tensor in another order than x holds it. */
export interface Packing {
  /** The shape that the graph takes. */
  readonly shape: readonly number[]
  /** Fills `packed`, zeroed at its first use, from the tensor in the order of x. */
  pack(packed: Float32Array, tensor: Float32Array): void
}

/** One trainable tensor and its place in the parameter vector x. */
export interface Trainable {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  /** Index of its first scalar in x; tensors follow each other in graph order without gaps. */
  readonly offset: number
  /** Absent if the graph takes the tensor in the order of x. */
  readonly packing?: Packing
}

export interface TrainableGraph {
  /**
   * The serialized ONNX model. Inputs: features, labels, then every trainable by name; outputs:
   * losses, logits.
   */
  readonly bytes: Uint8Array
  readonly trainables: readonly Trainable[]
  /** d, the sum of the trainables' sizes. */
  readonly dim: number
  /** Input holding features, float32 [rows, ...featureShape]. */
  readonly features: string
  readonly featureShape: readonly number[]
  /** Input holding class indices, int64 [rows]. */
  readonly labels: string
  /** Output holding the cross-entropy of each sample, float32 [rows]. */
  readonly losses: string
  /** Output holding logits, float32 [rows, classes]. */
  readonly logits: string
  readonly classes: number
  /** The names that the file gives them, if any. */
  readonly classNames: readonly string[] | undefined
  /** What was decided on the way, for people: sentences without full stops. */
  readonly notes: readonly string[]
  /**
   * x_0, float32[d]: the file's own weights, or the standard initialisation drawn from the run's
   * seed.
   */
  readonly initialParams: Float32Array
}
