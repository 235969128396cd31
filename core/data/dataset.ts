/** A labelled dataset in memory: what training and evaluation see, whatever file it came from. */
import { z } from 'zod'

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

/**
 * What was done to the values of a file before training saw them: `(v − mean) / std`, column by
 * column, or `(v / 255 − mean) / std` for every pixel.
 */
export const preprocessingSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('standardise'),
    /** The columns that are learned from, in order. */
    columns: z.array(z.string()),
    mean: z.array(z.number()),
    /** 0 where the column becomes 0. */
    std: z.array(z.number()),
  }),
  z.object({ kind: z.literal('pixels'), mean: z.number(), std: z.number() }),
])
export type Preprocessing = z.infer<typeof preprocessingSchema>

export interface Dataset {
  /** Its name in a config. */
  readonly name: string
  /** Its name for people. */
  readonly title: string
  /** Shape of one sample, without the batch: [1, 28, 28] for grey images, [columns] for tables. */
  readonly featureShape: readonly number[]
  readonly featureSize: number
  /** Class names, in index order. */
  readonly classes: readonly string[]
  readonly train: Samples
  readonly test: Samples
  readonly preprocessing: Preprocessing
  /** The number that stands for each class in the files, where labels are numbers with names. */
  readonly labelNumbers: readonly number[] | undefined
  /** How the files were understood where that is not plain, for people. */
  readonly notices: readonly string[]
  /**
   * SHA-256 over everything that affects a run's result: shapes, classes, raw values, labels, the
   * train/test split.
   */
  readonly fingerprint: string
}
