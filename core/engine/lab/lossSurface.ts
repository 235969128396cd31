/**
 * A run's task as the Hessian lab sees it: its loss on a fixed sample of all training data, with
 * the true gradient.
 */
import { HisoError } from '../../base/index.ts'
import type {
  ClassificationSettings,
  LanguageSettings,
  QuadraticSettings,
  RunConfig,
} from '../../config/index.ts'
import type { LossSurface, Tensor } from '../../curvature/index.ts'
import { openDataset } from '../../data/index.ts'
import {
  createDifferentiableLanguage,
  quadraticSpectrum,
  ROWS_PER_RUN,
  type GradientGraph,
  type TrainableGraph,
} from '../../model/index.ts'
import { differentiate } from '../../onnx/index.ts'
import { RandomStream } from '../../random/index.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import { openGradients, openLanguageData, openLanguageGraph } from '../tasks/languageTask.ts'
import { fingerprintOf } from '../tasks/modelFile.ts'
import { fingerprintOfFormula, openGraph } from '../tasks/task.ts'

export interface OpenedSurface {
  readonly surface: LossSurface
  /** x_0 */
  readonly initialParams: Float32Array
  readonly tensors: readonly Tensor[]
  /** Training samples that the loss is the mean of; undefined for a formula. */
  readonly samples: number | undefined
  readonly fingerprints: WorkerReport['fingerprints']
  release(): Promise<void>
}

/**
 * @param samples how many training samples, all clients' together; no more than there are
 * @throws HisoError DATA_…, MODEL_…; MODEL_UNSUPPORTED names an operator without a gradient
 */
export function openLossSurface(
  { task, seed, compute }: RunConfig,
  samples: number,
  host: EngineHost,
): Promise<OpenedSurface> {
  if (task.kind === 'quadratic') return Promise.resolve(quadraticSurface(task, host))
  if (task.kind === 'classification')
    return classificationSurface(task, seed, compute, samples, host)
  return languageSurface(task, seed, compute, samples, host)
}

/** f(x) = ½ Σ λ_j x_j², the mean over infinitely many clients. */
function quadraticSurface(task: QuadraticSettings, host: EngineHost): OpenedSurface {
  const { dim } = task
  const lambda = quadraticSpectrum(task.spectrum, dim)
  const lossOf = (x: Float32Array) => {
    let sum = 0
    for (let j = 0; j < dim; j++) sum += lambda[j]! * x[j]! * x[j]!
    return sum / 2
  }
  return {
    surface: {
      dim,
      closedDiagonal: lambda,
      loss: (x) => Promise.resolve(lossOf(x)),
      gradient(x, out) {
        for (let j = 0; j < dim; j++) out[j] = lambda[j]! * x[j]!
        return Promise.resolve(lossOf(x))
      },
    },
    initialParams: new Float32Array(dim).fill(1),
    tensors: [{ name: 'x', shape: [dim] }],
    samples: undefined,
    fingerprints: { model: fingerprintOfFormula(task, host) },
    release: () => Promise.resolve(),
  }
}

async function classificationSurface(
  task: ClassificationSettings,
  seed: number,
  compute: RunConfig['compute'],
  samples: number,
  host: EngineHost,
): Promise<OpenedSurface> {
  const dataset = await openDataset(task, host)
  const graph = await openGraph(task, dataset, seed, host)
  const { train } = dataset
  const chosen = new RandomStream(seed, 'curvature').sample(
    train.count,
    Math.min(samples, train.count),
  )
  const batches = Array.from({ length: Math.ceil(chosen.length / ROWS_PER_RUN) }, (_, i) => {
    const indices = chosen.subarray(i * ROWS_PER_RUN, (i + 1) * ROWS_PER_RUN)
    const features = new Float32Array(indices.length * dataset.featureSize)
    train.gather(indices, features)
    return {
      features,
      labels: BigInt64Array.from(indices, (index) => BigInt(train.labels[index]!)),
    }
  })
  const gradientGraph = differentiateForLab(graph)
  const { session } = await host.openSession(graph, compute)
  const gradientSession = await host.openGradientSession(gradientGraph)
  const part = new Float32Array(graph.dim)
  return {
    surface: {
      dim: graph.dim,
      async loss(params) {
        let sum = 0
        for (const rows of batches) {
          const { losses } = await session.run(params, rows.features, rows.labels, false)
          for (const loss of losses) sum += loss
        }
        return sum / chosen.length
      },
      async gradient(params, out) {
        let sum = 0
        out.fill(0)
        for (const rows of batches) {
          const share = rows.labels.length / chosen.length
          sum += share * (await gradientSession.run(params, rows.features, rows.labels, part))
          for (let j = 0; j < part.length; j++) out[j]! += share * part[j]!
        }
        return sum
      },
    },
    initialParams: graph.initialParams,
    tensors: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    samples: chosen.length,
    fingerprints: {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialParams, host),
    },
    async release() {
      await Promise.all([session.release(), gradientSession.release()])
    },
  }
}

/**
 * Vectors of length d that are held at once in float64: the basis of the spectrum and what probes
 * sum up.
 */
const largestDimension = 4_000_000

/** Rows of tokens in one pass: of a gradient every layer's values are held. */
const SEQUENCES_PER_RUN = 16

async function languageSurface(
  task: LanguageSettings,
  seed: number,
  compute: RunConfig['compute'],
  samples: number,
  host: EngineHost,
): Promise<OpenedSurface> {
  const dataset = await openLanguageData(task, host)
  const graph = await openLanguageGraph(task, dataset.candidates, seed, host)
  const { dim } = graph
  if (dim > largestDimension)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: 'task.trainables',
      what: `the Hessian lab holds dozens of vectors of length d, and d is ${dim} here: more than ${largestDimension} are too many`,
      remedy: 'Examine a run with task.trainables.kind: lora, or of a smaller model',
    })
  const count = Math.min(samples, dataset.train.count)
  const chosen = new RandomStream(seed, 'curvature').sample(dataset.train.count, count)
  const { runner } = await host.openRunner(graph.bytes, compute)
  const objective = createDifferentiableLanguage({
    graph,
    runner,
    dataset,
    batchSize: SEQUENCES_PER_RUN,
    // Its part of the sample instead of a client's minibatch.
    batchOf: ({ localStep }) =>
      chosen.subarray(localStep * SEQUENCES_PER_RUN, (localStep + 1) * SEQUENCES_PER_RUN),
    ...(await openGradients(graph, task, host)),
  })
  const parts = Array.from({ length: Math.ceil(count / SEQUENCES_PER_RUN) }, (_, localStep) => ({
    address: { client: 0, round: 0, localStep },
    share: Math.min(SEQUENCES_PER_RUN, count - localStep * SEQUENCES_PER_RUN) / count,
  }))
  const part = new Float32Array(dim)
  return {
    surface: {
      dim,
      async loss(params) {
        let sum = 0
        for (const { address, share } of parts)
          sum += share * (await objective.losses(params, [address]))[0]!
        return sum
      },
      async gradient(params, out) {
        let sum = 0
        out.fill(0)
        for (const { address, share } of parts) {
          sum += share * (await objective.gradient(params, address, part))
          for (let j = 0; j < dim; j++) out[j]! += share * part[j]!
        }
        return sum
      },
    },
    initialParams: objective.initialParams(),
    tensors: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    samples: count,
    fingerprints: {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialParams(), host),
    },
    release: () => objective.release(),
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
