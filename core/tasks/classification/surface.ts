/** The loss of a classification on a fixed sample, and its gradient for the Hessian lab. */
import { HisoError } from '../../base/index.ts'
import { openDataset } from '../../data/index.ts'
import { ROWS_PER_RUN, type GradientGraph, type TrainableGraph } from '../../model/index.ts'
import { differentiate } from '../../onnx/index.ts'
import { RandomStream } from '../../random/index.ts'
import { gradientOfParts } from '../gradientOfParts.ts'
import { openProduct, type SamplePart } from '../hessianProduct.ts'
import { fingerprintOf } from '../modelFile.ts'
import type { OpenedLoss, OpenedSurface } from '../openedSurface.ts'
import type { ConfigOf } from '../task.ts'
import type { TaskHost } from '../taskHost.ts'
import { alignmentOf, openGraph, withOutputs } from './graph.ts'

export async function classificationLoss(
  config: ConfigOf<'classification'>,
  samples: number,
  host: TaskHost,
): Promise<OpenedLoss> {
  return openLoss(await readSample(config, samples, host), config, host)
}

export async function classificationSurface(
  config: ConfigOf<'classification'>,
  samples: number,
  host: TaskHost,
): Promise<OpenedSurface> {
  const sample = await readSample(config, samples, host)
  const { graph, batches, count } = sample
  const gradientGraph = differentiateForLab(graph)
  const opened = await openLoss(sample, config, host)
  const gradientSession = await host.openGradientSession(gradientGraph)
  const parts = batches.map(({ features, labels }): SamplePart => ({
    feeds: {
      [graph.features]: { data: features, shape: [labels.length, ...graph.featureShape] },
      [graph.labels]: { data: labels, shape: [labels.length] },
    },
    shares: new Float32Array(labels.length).fill(1 / count),
  }))
  const second = await openProduct(graph, parts, host)
  const shares = batches.map((batch) => ({ ...batch, share: batch.labels.length / count }))
  return {
    ...opened,
    surface: {
      ...opened.surface,
      ...(second && { product: second.product }),
      gradient: gradientOfParts(shares, graph.dim, (params, { features, labels }, out) =>
        gradientSession.run(params, features, labels, out),
      ),
    },
    async release() {
      await Promise.all([opened.release(), gradientSession.release(), second?.release()])
    },
  }
}

/** A model, and the samples that it is asked about, in batches. */
interface Sample {
  readonly graph: TrainableGraph
  readonly batches: readonly { readonly features: Float32Array; readonly labels: BigInt64Array }[]
  /** Samples in all batches together. */
  readonly count: number
  /** The dataset's. */
  readonly fingerprint: string
}

async function readSample(
  { task, seed }: ConfigOf<'classification'>,
  samples: number,
  host: TaskHost,
): Promise<Sample> {
  const own = await openDataset(task, host)
  const graph = await openGraph(task, own, seed, host)
  const dataset = withOutputs(own, alignmentOf(graph, own))
  const { train, featureSize, fingerprint } = dataset
  const chosen = new RandomStream(seed, 'curvature').sample(
    train.count,
    Math.min(samples, train.count),
  )
  const batches = Array.from({ length: Math.ceil(chosen.length / ROWS_PER_RUN) }, (_, i) => {
    const indices = chosen.subarray(i * ROWS_PER_RUN, (i + 1) * ROWS_PER_RUN)
    const features = new Float32Array(indices.length * featureSize)
    train.gather(indices, features)
    return {
      features,
      labels: BigInt64Array.from(indices, (index) => BigInt(train.labels[index]!)),
    }
  })
  return { graph, batches, count: chosen.length, fingerprint }
}

async function openLoss(
  { graph, batches, count, fingerprint }: Sample,
  { compute }: ConfigOf<'classification'>,
  host: TaskHost,
): Promise<OpenedLoss> {
  const { session } = await host.openSession(graph, compute)
  return {
    surface: {
      dim: graph.dim,
      async loss(params) {
        let sum = 0
        for (const rows of batches) {
          const { losses } = await session.run(params, rows.features, rows.labels, false)
          for (const loss of losses) sum += loss
        }
        return sum / count
      },
    },
    initialParams: graph.initialParams,
    tensors: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    samples: count,
    fingerprints: {
      dataset: fingerprint,
      model: fingerprintOf(graph.bytes, [graph.initialParams], host),
    },
    release: () => session.release(),
  }
}

/**
 * Without a gradient there is no Hessian: another method would not help here, as the rule's own
 * message says.
 */
function differentiateForLab(graph: TrainableGraph): GradientGraph {
  try {
    return differentiate(graph)
  } catch (error) {
    if (!(error instanceof HisoError)) throw error
    const { code, where, what } = error
    throw new HisoError(code, {
      ...(where === undefined ? {} : { where }),
      what: `the Hessian lab differentiates the model, and ${what}`,
      remedy:
        'Export the model with other operators; runs of it need no gradient and go on as ever',
      cause: error,
    })
  }
}
