/** A classifier that is asked about one grey picture, such as one that a person has drawn. */
import { openDataset } from '../../data/index.ts'
import { fingerprintOf } from '../modelFile.ts'
import type { PictureModel } from '../pictureModel.ts'
import type { ConfigOf } from '../task.ts'
import type { TaskHost } from '../taskHost.ts'
import { alignmentOf, openGraph } from './graph.ts'

export async function openPictureModel(
  { task, seed, compute }: Pick<ConfigOf<'classification'>, 'task' | 'seed' | 'compute'>,
  host: TaskHost,
): Promise<PictureModel | undefined> {
  const dataset = await openDataset(task, host)
  const [channels, height, width] = dataset.featureShape
  const { preprocessing, classes } = dataset
  if (channels !== 1 || height === undefined || width === undefined) return undefined
  if (preprocessing.kind !== 'pixels') return undefined
  const { mean, std } = preprocessing
  const graph = await openGraph(task, dataset, seed, host)
  const { outputs } = alignmentOf(graph, dataset)
  const { session } = await host.openSession(graph, compute)
  return {
    height,
    width,
    classes,
    fingerprint: fingerprintOf(graph.bytes, [graph.initialParams], host),
    trainables: graph.trainables,
    initialParams: () => graph.initialParams.slice(),
    async ask(params, pixels) {
      const features = pixels.map((value) => (value - mean) / std)
      const { logits } = await session.run(params, features, BigInt64Array.of(0n), true)
      const shares = softmax(logits!)
      return classes.map((_, index) => shares[outputs[index]!]!)
    },
    release: () => session.release(),
  }
}

function softmax(logits: Float32Array): number[] {
  const most = logits.reduce((largest, it) => Math.max(largest, it))
  const powers = Array.from(logits, (it) => Math.exp(it - most))
  const sum = powers.reduce((total, it) => total + it, 0)
  return powers.map((it) => it / sum)
}
