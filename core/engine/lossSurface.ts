/** A run's task as the Hessian lab sees it: its loss on a fixed sample of all training data, with the true gradient. */
import { HisoError } from '../base/index.ts'
import type { ClassificationSettings, QuadraticSettings, RunConfig } from '../config/index.ts'
import type { LossSurface, Tensor } from '../curvature/index.ts'
import { openDataset } from '../data/index.ts'
import {
  differentiate,
  quadraticSpectrum,
  ROWS_PER_RUN,
  type GradientGraph,
  type TrainableGraph,
} from '../model/index.ts'
import { RandomStream } from '../random/index.ts'
import type { EngineHost, WorkerReport } from './engineHost.ts'
import { fingerprintOf } from './modelFile.ts'
import { fingerprintOfFormula, openGraph } from './task.ts'

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
  throw new HisoError('MODEL_UNSUPPORTED', {
    where: 'task',
    what: 'the curvature of language models is not examined yet',
    remedy: 'Choose a run of a classifier or of the quadratic',
  })
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

/** Without a gradient there is no Hessian: another method would not help here, as the rule's own message says. */
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
