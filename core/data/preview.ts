/** What a person wants to see of a dataset before training on it, as plain values that can be sent and stored. */
import type { ColumnSummary } from './columns.ts'
import type { Dataset } from './dataset.ts'
import { countLabels } from './grouping.ts'

export interface DatasetPreview {
  /** The name or path it is configured by. */
  readonly name: string
  readonly title: string
  readonly format: 'idx' | 'csv'
  /** Shape of one sample: [1, height, width] or [columns]. */
  readonly featureShape: readonly number[]
  readonly train: number
  readonly test: number
  /** Whether the test samples were split off by `testShare`, as the dataset has no test set of its own. */
  readonly heldOut: boolean
  readonly classes: readonly ClassCount[]
  /** Range of the raw values, of training and test samples together. */
  readonly values: { readonly min: number; readonly max: number }
  readonly fingerprint: string
  /** Only for tables. */
  readonly table?: TablePreview
  /** Only for bundled datasets. */
  readonly origin?: { readonly licence: string; readonly source: string }
}

export interface ClassCount {
  readonly name: string
  readonly train: number
  readonly test: number
}

export interface TablePreview {
  readonly delimiter: string
  /** Whether the first row names the columns. */
  readonly header: boolean
  readonly labelColumn: string
  /** The feature columns with their raw values, of training and test samples together. */
  readonly columns: readonly ColumnSummary[]
}

/** A dataset together with what there is to say about it. */
export interface OpenedDataset {
  readonly dataset: Dataset
  readonly preview: DatasetPreview
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
