/** A preview of a dataset before training, as plain values that can be sent and stored. */
import type { ColumnSummary } from './columns.ts'
import type { Dataset } from './dataset.ts'
import { countLabels } from './grouping.ts'

export interface DatasetPreview {
  /** Its name or path in a config. */
  readonly name: string
  readonly title: string
  readonly format: 'idx' | 'csv' | 'jsonLines' | 'parquet'
  /** Shape of one sample: [1, height, width] or [columns]. */
  readonly featureShape: readonly number[]
  readonly train: number
  readonly test: number
  /** Whether `testShare` split off the test samples, as the dataset has no test set of its own. */
  readonly heldOut: boolean
  readonly classes: readonly ClassCount[]
  /** Range of the raw values, of training and test samples together. */
  readonly values: { readonly min: number; readonly max: number }
  /** The first training samples as the file has them, before any scaling. */
  readonly first: readonly RawSample[]
  readonly fingerprint: string
  /** How the files were understood where that is not plain, for people. */
  readonly notices: readonly string[]
  /** Only for tables. */
  readonly table?: TablePreview
  /** Only for bundled datasets. */
  readonly origin?: { readonly licence: string; readonly source: string }
}

export interface RawSample {
  readonly className: string
  /**
   * Grey values row by row, or the feature columns in order; their number follows from
   * `featureShape`.
   */
  readonly values: readonly number[]
}

export interface ClassCount {
  readonly name: string
  readonly train: number
  readonly test: number
}

interface TablePreview {
  /** Only where one separates the cells. */
  readonly delimiter?: string
  /** Whether the first row names the columns. */
  readonly header: boolean
  readonly labelColumn: string
  /** The feature columns with their raw values, of training and test samples together. */
  readonly columns: readonly ColumnSummary[]
}

/** A dataset together with its preview. */
export interface OpenedDataset {
  readonly dataset: Dataset
  readonly preview: DatasetPreview
}

/** As many as fit on a screen. */
const shownSamples = 5

/**
 * @param values samples × featureSize, sample by sample
 * @param rowOf where the n-th training sample stands in `values`
 */
export function firstSamples(
  { classes, featureSize, train }: Dataset,
  values: Uint8Array | Float64Array,
  rowOf: (sample: number) => number,
): RawSample[] {
  return Array.from(train.labels.subarray(0, shownSamples), (label, sample) => ({
    className: classes[label]!,
    values: Array.from(values.subarray(rowOf(sample) * featureSize).subarray(0, featureSize)),
  }))
}

/** How many samples of each class there are. */
export function countClasses({ classes, train, test }: Dataset): ClassCount[] {
  const trainCounts = countLabels(train.labels, classes.length)
  const testCounts = countLabels(test.labels, classes.length)
  return classes.map((name, index) => ({
    name,
    train: trainCounts[index]!,
    test: testCounts[index]!,
  }))
}
