/** The minibatches of a classification, as pictures. */
import type { Host } from '../../base/index.ts'
import { drawBatch, openDataset } from '../../data/index.ts'
import { shownSamples, type MinibatchAddress, type ShownMinibatch } from '../minibatch.ts'
import { splitOf } from '../split.ts'
import type { ConfigOf } from '../task.ts'

export async function classificationMinibatches(config: ConfigOf<'classification'>, host: Host) {
  const { task, federation, seed } = config
  const dataset = await openDataset(task, host)
  const split = splitOf(config, dataset)
  const { featureShape, featureSize, classes, train } = dataset
  return ({ client, round, localStep }: MinibatchAddress): ShownMinibatch => {
    const batch = drawBatch(split, client, round, localStep, federation.batchSize, seed)
    const shown = batch.subarray(0, shownSamples)
    const named = {
      samples: batch.length,
      classes: Array.from(shown, (sample) => classes[train.labels[sample]!]!),
    }
    const [channels, height, width] = featureShape
    if (channels !== 1 || height === undefined || width === undefined) return named
    const features = new Float32Array(shown.length * featureSize)
    train.gather(shown, features)
    return { ...named, pictures: { height, width, pixels: greyOf(features, featureSize) } }
  }
}

/** Normalised values brought to [0, 1], by the darkest and the brightest of the batch. */
function greyOf(features: Float32Array, featureSize: number): Float32Array[] {
  let low = Infinity
  let high = -Infinity
  for (const value of features) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const range = high > low ? high - low : 1
  return Array.from({ length: features.length / featureSize }, (_, sample) =>
    features
      .subarray(sample * featureSize, (sample + 1) * featureSize)
      .map((value) => (value - low) / range),
  )
}
