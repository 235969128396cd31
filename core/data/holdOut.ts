/** Holds samples out for evaluation if a dataset has no test set. */
import { HisoError } from '../base/index.ts'
import { standardTestShare } from '../config/index.ts'
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
      remedy: remedyFor('smaller', sizes, count),
    })
  const quotas = quotasOf(total, sizes)
  if (quotas.every((quota) => quota === 0))
    throw new HisoError('CONFIG_INVALID', {
      where,
      what: `the dataset has no test set of its own, and holding out a share of ${share} of ${count} samples leaves none to evaluate on`,
      remedy: remedyFor('larger', sizes, count),
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

/** Of a dataset that has a test set. */
export function testShareNotices(testShare: number): string[] {
  if (testShare === standardTestShare) return []
  return ['task.testShare does nothing here: the dataset has a test set of its own.']
}

/** How many samples each class gives; each keeps one to train on. */
function quotasOf(total: number, sizes: Uint32Array): Uint32Array {
  return apportion(total, sizes).map((quota, index) =>
    Math.min(quota, Math.max(0, sizes[index]! - 1)),
  )
}

/** A share that splits the dataset, or what it lacks where none does. */
function remedyFor(how: 'smaller' | 'larger', sizes: Uint32Array, count: number): string {
  const share = [0.2, 0.3, 0.4, 0.5].find((it) =>
    quotasOf(Math.round(it * count), sizes).some((quota) => quota > 0),
  )
  return share === undefined
    ? 'Add samples: each class keeps one to train on, and none has a second'
    : `Choose a ${how} share, for instance ${share}`
}
