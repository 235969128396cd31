/** The loss of a language task on a fixed sample, and its gradient for the Hessian lab. */
import { HisoError } from '../../base/index.ts'
import {
  createDifferentiableLanguage,
  createLanguageObjective,
  labelledRows,
  sharesOf,
  tokenFeeds,
  type LanguageGraph,
  type LanguageOptions,
  type Objective,
} from '../../model/index.ts'
import { RandomStream } from '../../random/index.ts'
import { gradientOfParts } from '../gradientOfParts.ts'
import { openProduct, type SamplePart } from '../hessianProduct.ts'
import { fingerprintOf } from '../modelFile.ts'
import type { OpenedLoss, OpenedSurface } from '../openedSurface.ts'
import type { ConfigOf } from '../task.ts'
import type { TaskHost } from '../taskHost.ts'
import { openGradients } from './open.ts'
import { openLanguageGraph } from './decoder.ts'
import { openLanguageData } from './texts.ts'

/**
 * Vectors of length d that are held at once in float64: the basis of the spectrum and what probes
 * sum up.
 */
const largestDimension = 4_000_000

/** Rows of tokens in one pass: of a gradient every layer's values are held. */
const SEQUENCES_PER_RUN = 16

export async function languageLoss(
  config: ConfigOf<'language'>,
  samples: number,
  host: TaskHost,
): Promise<OpenedLoss> {
  const sample = await readSample(config, samples, host)
  return lossOn(sample, createLanguageObjective(await optionsOf(sample, config, host)), host)
}

export async function languageSurface(
  config: ConfigOf<'language'>,
  samples: number,
  host: TaskHost,
): Promise<OpenedSurface> {
  const sample = await readSample(config, samples, host)
  const { graph, parts, partOf } = sample
  const { dim } = graph
  if (dim > largestDimension)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: 'task.trainables',
      what: `the Hessian lab holds dozens of vectors of length d, and d is ${dim} here: more than ${largestDimension} are too many`,
      remedy: 'Examine a run with task.trainables.kind: lora, or of a smaller model',
    })
  const objective = createDifferentiableLanguage({
    ...(await optionsOf(sample, config, host)),
    ...(await openGradients(graph, config.task, host)),
  })
  const opened = lossOn(sample, objective, host)
  const second = await openProduct(graph, parts.map(partOf), host)
  return {
    ...opened,
    surface: {
      ...opened.surface,
      ...(second && { product: second.product }),
      gradient: gradientOfParts(parts, dim, (params, { address }, out) =>
        objective.gradient(params, address, out),
      ),
    },
    async release() {
      await Promise.all([objective.release(), second?.release()])
    },
  }
}

/** Rows that are asked about in one pass, and their share of all. */
interface Part {
  readonly address: { readonly client: number; readonly round: number; readonly localStep: number }
  readonly share: number
}

/** A decoder, and the texts that it is asked about. */
interface Sample {
  readonly graph: LanguageGraph
  readonly dataset: LanguageOptions['dataset'] & { readonly fingerprint: string }
  readonly count: number
  readonly parts: readonly Part[]
  /** Rows of a part. */
  readonly rowsOf: (localStep: number) => Uint32Array
  readonly partOf: (part: Part) => SamplePart
}

async function readSample(
  { task, split, seed }: ConfigOf<'language'>,
  samples: number,
  host: TaskHost,
): Promise<Sample> {
  const dataset = await openLanguageData(task, host, split)
  const graph = await openLanguageGraph(task, dataset.candidates, seed, host)
  const count = Math.min(samples, dataset.train.count)
  const chosen = new RandomStream(seed, 'curvature').sample(dataset.train.count, count)
  const rowsOf = (localStep: number) =>
    chosen.subarray(localStep * SEQUENCES_PER_RUN, (localStep + 1) * SEQUENCES_PER_RUN)
  const parts = Array.from({ length: Math.ceil(count / SEQUENCES_PER_RUN) }, (_, localStep) => ({
    address: { client: 0, round: 0, localStep },
    share: Math.min(SEQUENCES_PER_RUN, count - localStep * SEQUENCES_PER_RUN) / count,
  }))
  const partOf = ({ address, share }: Part): SamplePart => {
    const rows = labelledRows(dataset.train, rowsOf(address.localStep))
    const { feeds, picksPerRow } = tokenFeeds(rows, graph, dataset.padding)
    return {
      feeds: { ...graph.held, ...feeds },
      shares: sharesOf(picksPerRow).map((value) => share * value),
    }
  }
  return { graph, dataset, count, parts, rowsOf, partOf }
}

async function optionsOf(
  { graph, dataset, rowsOf }: Sample,
  { compute }: ConfigOf<'language'>,
  host: TaskHost,
): Promise<LanguageOptions> {
  const { runner } = await host.openRunner(graph.bytes, compute)
  return {
    graph,
    runner,
    dataset,
    batchSize: SEQUENCES_PER_RUN,
    // Its part of the sample instead of a client's minibatch.
    batchOf: ({ localStep }) => rowsOf(localStep),
  }
}

function lossOn(
  { graph, dataset, count, parts }: Sample,
  objective: Pick<Objective, 'losses' | 'initialParams' | 'release'>,
  host: TaskHost,
): OpenedLoss {
  return {
    surface: {
      dim: graph.dim,
      async loss(params) {
        let sum = 0
        for (const { address, share } of parts)
          sum += share * (await objective.losses(params, [address]))[0]!
        return sum
      },
    },
    initialParams: objective.initialParams(),
    tensors: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    samples: count,
    fingerprints: {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialTensors(), host),
    },
    release: () => objective.release(),
  }
}
