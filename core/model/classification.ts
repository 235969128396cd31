/**
 * The objective of a classifier on a labelled dataset: mean cross-entropy of minibatches, loss and
 * accuracy on held-out samples.
 */
import { HisoError } from '../base/index.ts'
import type { Dataset } from '../data/index.ts'
import { GatheredBatches, RowSource } from './gatheredBatches.ts'
import {
  lossesFromSamples,
  partsOf,
  type BatchAddress,
  type Evaluation,
  type GroupedMeasure,
  type LossMeasure,
  type Objective,
} from './objective.ts'
import type { LossRunner, LossSession } from './session.ts'
import { repeated, runGroups, type OpenedGroups } from './grouped/openedGroups.ts'
import type { TrainableGraph } from './trainableGraph.ts'

/**
 * Samples in one forward pass. The runtime packs fed weights anew in every run, which dominates
 * small batches: dense layers of 768 × 3072 reach 26 GFLOP/s at 32 rows, 80 at 256, and little more
 * beyond (ONNX Runtime 1.30, one thread, AVX-512).
 */
export const ROWS_PER_RUN = 256

export interface ClassificationOptions {
  readonly graph: TrainableGraph
  readonly session: LossSession
  readonly dataset: Dataset
  /** Indices into the training samples of a minibatch. */
  readonly batchOf: (address: BatchAddress) => Uint32Array
  /** Samples of a full minibatch. */
  readonly batchSize: number
  /** Where several points are measured in one pass. */
  readonly groups?: OpenedGroups | undefined
}

/**
 * f(x; B) = mean of the cross-entropy over the samples of B.
 *
 * @throws HisoError MODEL_UNSUPPORTED if the model takes other samples, or has fewer classes than
 *   the dataset
 */
export function createClassificationObjective(options: ClassificationOptions): Objective {
  const { graph, session, dataset, groups } = options
  checkFits(graph, dataset)
  const batchesPerCall = Math.max(1, Math.floor(ROWS_PER_RUN / options.batchSize))
  const capacity = Math.max(ROWS_PER_RUN, options.batchSize)
  const source = new RowSource(dataset.train, dataset.featureSize, capacity)
  const gathered = new GatheredBatches(source, options.batchOf)
  const heldOut = new RowSource(dataset.test, dataset.featureSize, ROWS_PER_RUN)

  const measureOn = <Params>(runner: LossRunner<Params>): LossMeasure<Params> => ({
    ...lossesFromSamples(async (params: Params, batches) => {
      if (batches.length === 0) return []
      if (batches.length > batchesPerCall) {
        throw new Error(`${batches.length} batches in one call, at most ${batchesPerCall}`)
      }
      const { features, labels, sizes } = gathered.rowsOf(batches)
      const { losses } = await runner.run(params, features, labels, false)
      return partsOf(losses, sizes)
    }),
    evaluate: (params, from, to) => evaluate(graph, runner, heldOut, params, from, to),
  })

  return {
    dim: graph.dim,
    initialParams(out = new Float32Array(graph.dim)) {
      out.set(graph.initialParams)
      return out
    },
    batchesPerCall,
    testSamples: dataset.test.count,
    ...measureOn(session),
    ...(groups && { grouped: groupedMeasure(graph, groups, gathered) }),
    ...(session.device && { device: { ...session.device, ...measureOn(session.device) } }),
    async release() {
      await groups?.runner.release()
      await session.release()
    },
  }
}

function groupedMeasure(
  graph: TrainableGraph,
  groups: OpenedGroups,
  gathered: GatheredBatches,
): GroupedMeasure {
  return {
    pointsPerCall: groups.pointsPerCall,
    async sampleLosses(params, points, batches) {
      const { features, labels, sizes } = gathered.rowsOf(batches)
      const rows = points.length * labels.length
      const shape = [rows, ...graph.featureShape]
      const feeds = {
        [graph.features]: { data: repeated(features, points.length), shape },
        [graph.labels]: { data: repeated(labels, points.length), shape: [rows] },
      }
      const losses = await runGroups(groups, graph, params, points, feeds)
      return losses.map((own) => partsOf(own, sizes))
    },
  }
}

function checkFits(graph: TrainableGraph, dataset: Dataset): void {
  const modelSize = graph.featureShape.reduce((product, length) => product * length, 1)
  if (modelSize !== dataset.featureSize) {
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: 'task.model',
      what: `the model takes samples of ${graph.featureShape.join(' × ')}, and ${dataset.title} has ${dataset.featureShape.join(' × ')}`,
      remedy: 'Choose a dataset of that shape, or a model made for this one',
    })
  }
  if (graph.classes < dataset.classes.length) {
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: 'task.model',
      what: `the model has ${graph.classes} classes, and ${dataset.title} has ${dataset.classes.length}`,
      remedy: 'Choose a model with at least as many classes',
    })
  }
}

async function evaluate<Params>(
  graph: TrainableGraph,
  runner: LossRunner<Params>,
  source: RowSource,
  params: Params,
  from: number,
  to: number,
): Promise<Evaluation> {
  let lossSum = 0
  let correct = 0
  for (let start = from; start < to; start += ROWS_PER_RUN) {
    const rows = Math.min(ROWS_PER_RUN, to - start)
    const indices = Uint32Array.from({ length: rows }, (_, i) => start + i)
    const rowsOfRun = source.gather(indices)
    const { losses, logits } = await runner.run(params, rowsOfRun.features, rowsOfRun.labels, true)
    for (let i = 0; i < rows; i++) {
      lossSum += losses[i] as number
      const best = largestOf(logits as Float32Array, i * graph.classes, graph.classes)
      if (best === Number(rowsOfRun.labels[i])) correct++
    }
    source.giveBack(rowsOfRun)
  }
  return { lossSum, correct, samples: to - from }
}

/** Which of `count` values from `start` is the largest; the first of equals. */
function largestOf(values: Float32Array, start: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++) {
    if ((values[start + i] as number) > (values[start + best] as number)) best = i
  }
  return best
}
