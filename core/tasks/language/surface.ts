/** A language task as the Hessian lab sees it. */
import { HisoError } from '../../base/index.ts'
import {
  createDifferentiableLanguage,
  labelledRows,
  sharesOf,
  tokenFeeds,
} from '../../model/index.ts'
import { RandomStream } from '../../random/index.ts'
import { openProduct, type SamplePart } from '../hessianProduct.ts'
import { fingerprintOf } from '../modelFile.ts'
import type { OpenedSurface } from '../openedSurface.ts'
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

export async function languageSurface(
  { task, split, seed, compute }: ConfigOf<'language'>,
  samples: number,
  host: TaskHost,
): Promise<OpenedSurface> {
  const dataset = await openLanguageData(task, host, split)
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
  const rowsOf = (localStep: number) =>
    chosen.subarray(localStep * SEQUENCES_PER_RUN, (localStep + 1) * SEQUENCES_PER_RUN)
  const partOf = (localStep: number, share: number): SamplePart => {
    const rows = labelledRows(dataset.train, rowsOf(localStep))
    const { feeds, picksPerRow } = tokenFeeds(rows, graph, dataset.padding)
    return {
      feeds: { ...graph.held, ...feeds },
      shares: sharesOf(picksPerRow).map((value) => share * value),
    }
  }
  const objective = createDifferentiableLanguage({
    graph,
    runner,
    dataset,
    batchSize: SEQUENCES_PER_RUN,
    // Its part of the sample instead of a client's minibatch.
    batchOf: ({ localStep }) => rowsOf(localStep),
    ...(await openGradients(graph, task, host)),
  })
  const parts = Array.from({ length: Math.ceil(count / SEQUENCES_PER_RUN) }, (_, localStep) => ({
    address: { client: 0, round: 0, localStep },
    share: Math.min(SEQUENCES_PER_RUN, count - localStep * SEQUENCES_PER_RUN) / count,
  }))
  const second = await openProduct(
    graph,
    parts.map(({ address, share }) => partOf(address.localStep, share)),
    host,
  )
  const part = new Float32Array(dim)
  return {
    surface: {
      dim,
      ...(second && { product: second.product }),
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
      model: fingerprintOf(graph.bytes, graph.initialTensors(), host),
    },
    async release() {
      await Promise.all([objective.release(), second?.release()])
    },
  }
}
