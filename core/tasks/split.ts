/** Who holds which training samples, as a config asks for it. */
import type { RunConfig } from '../config/index.ts'
import { partition, type Partition } from '../data/index.ts'

/** What a split looks at. */
export interface LabelledSamples {
  readonly classes: readonly string[]
  readonly train: { readonly labels: Int32Array }
}

/**
 * The split of a dataset's training samples that a config asks for. @throws HisoError DATA_SPLIT
 */
export function splitOf(
  { split, federation, seed }: RunConfig,
  dataset: LabelledSamples,
): Partition {
  const minimum = split.minimum ?? federation.batchSize
  return partition(
    dataset.train.labels,
    dataset.classes.length,
    federation.clients,
    split,
    minimum,
    seed,
  )
}
