/** The minibatches of a language task, as texts. */
import type { Host } from '../../base/index.ts'
import { drawBatch } from '../../data/index.ts'
import { shownSamples, type MinibatchAddress, type ShownMinibatch } from '../minibatch.ts'
import { splitOf } from '../split.ts'
import type { ConfigOf } from '../task.ts'
import { openLanguageData, openTokenizerOf } from './texts.ts'

export async function languageMinibatches(config: ConfigOf<'language'>, host: Host) {
  const { task, federation, seed } = config
  const tokenizer = await openTokenizerOf(task, host)
  const dataset = await openLanguageData(task, host)
  const split = splitOf(config, dataset)
  const { train, classes, candidates } = dataset
  return ({ client, round, localStep }: MinibatchAddress): ShownMinibatch => {
    const batch = drawBatch(split, client, round, localStep, federation.batchSize, seed)
    const shown = Array.from(batch.subarray(0, shownSamples))
    return {
      samples: batch.length,
      texts: shown.map((sample) => tokenizer.decode([...train.row(sample).ids])),
      classes:
        candidates === undefined ? [] : shown.map((sample) => classes[train.labels[sample]!]!),
    }
  }
}
