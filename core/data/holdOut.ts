/** Holds samples out for evaluation if a dataset has no test set. */
import { HisoError } from '../base/index.ts'
import { RandomStream } from '../random/index.ts'
import { apportion } from './apportion.ts'
import { countLabels, groupByLabel } from './grouping.ts'

/** Sample indices, each list ascending; together every sample once. */
export interface TrainTest {
  readonly train: Uint32Array
  readonly test: Uint32Array
}

/**
 * Holds out round(share·n) samples, stratified: each class gives in proportion to its size (largest
 * remainder), but keeps at least one sample to train on. The streams (0, testSplit, class) choose
 * the samples, so a dataset is always split in the same way, whatever the seed of the run.
 *
 * @param labels class index of each sample
 * @param share in (0, 1)
 * @throws HisoError CONFIG_INVALID if nothing would be left on one side
 */
export function holdOut(labels: Int32Array, classes: number, share: number): TrainTest {
  const count = labels.length
  const total = Math.round(share * count)
  const sizes = countLabels(labels, classes)

  const where = 'task.testShare'
  if (share >= 1 || total === count)
    throw new HisoError('CONFIG_INVALID', {
      where,
      what: `holding out a share of ${share} of ${count} samples leaves none to train on`,
      remedy: 'Choose a smaller share, for instance 0.2',
    })
  const quotas = apportion(total, sizes).map((quota, index) =>
    Math.min(quota, Math.max(0, sizes[index]! - 1)),
  )
  if (quotas.every((quota) => quota === 0))
    throw new HisoError('CONFIG_INVALID', {
      where,
      what: `the dataset has no test set of its own, and holding out a share of ${share} of ${count} samples leaves none to evaluate on`,
      remedy: 'Choose a larger share, for instance 0.2',
    })

  const held = new Uint8Array(count)
  groupByLabel(labels, sizes).forEach((samples, index) => {
    const stream = new RandomStream(0, 'testSplit', index)
    for (const position of stream.sample(samples.length, quotas[index]!))
      held[samples[position]!] = 1
  })
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  return {
    train: indices.filter((index) => held[index] === 0),
    test: indices.filter((index) => held[index] === 1),
  }
}
