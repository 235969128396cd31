/** Who holds which training samples, as a config asks for it. */
import type { RunConfig } from '../config/index.ts'
import { partition, type Partition, type RowGroups } from '../data/index.ts'

/** What a split looks at. */
export interface LabelledSamples {
  readonly classes: readonly string[]
  readonly train: { readonly labels: Int32Array }
  /** How the data was understood where that is not plain, for people. */
  readonly notices: readonly string[]
  readonly groups?: RowGroups
}

/**
 * The split of a dataset's training samples that a config asks for. A config that asks for no
 * minimum gets one minibatch for each client, as far as the samples last.
 * @throws HisoError DATA_SPLIT
 */
export function splitOf(
  { split, federation, seed }: RunConfig,
  dataset: LabelledSamples,
): Partition {
  const { labels } = dataset.train
  const { clients, batchSize } = federation
  const minimum =
    split.minimum ?? Math.max(1, Math.min(batchSize, Math.floor(labels.length / clients)))
  return partition(
    labels,
    dataset.classes.length,
    clients,
    split,
    minimum,
    seed,
    split.minimum ?? 1,
    dataset.groups,
  )
}
