/** A labelled dataset in memory: what training and evaluation see, whatever file it came from. */

export interface Samples {
  readonly count: number
  /** Class index of each sample. */
  readonly labels: Int32Array
  /**
   * Writes the normalised float32 features of the samples at `indices`, one after the other, to the
   * front of `out` (indices.length · featureSize values).
   */
  gather(indices: Uint32Array, out: Float32Array): void
}

export interface Dataset {
  /** The name it is configured by. */
  readonly name: string
  /** What a person calls it. */
  readonly title: string
  /** Shape of one sample, without the batch: [1, 28, 28] for grey images, [columns] for tables. */
  readonly featureShape: readonly number[]
  readonly featureSize: number
  /** Class names, in index order. */
  readonly classes: readonly string[]
  readonly train: Samples
  readonly test: Samples
  /**
   * SHA-256 over everything that a run's result depends on (shapes, classes, raw values, labels,
   * the train/test split).
   */
  readonly fingerprint: string
}
