/**
 * Opens what a config's `task` names: the dataset, its split over clients, the model, and the
 * objective made of them.
 */
import { HisoError } from '../../base/index.ts'
import {
  builtInModels,
  suggestion,
  type ClassificationSettings,
  type QuadraticSettings,
  type RunConfig,
} from '../../config/index.ts'
import {
  checkBatchSize,
  drawBatch,
  openDataset,
  type Dataset,
  type SharedSequences,
} from '../../data/index.ts'
import {
  buildModel,
  checkBatching,
  createClassificationObjective,
  createDifferentiableClassification,
  createQuadraticObjective,
  inspectModel,
  promoteModel,
  type ClassificationOptions,
  type Objective,
  type TrainableGraph,
} from '../../model/index.ts'
import { differentiate, externalDataFrom } from '../../onnx/index.ts'
import { movesVectors, needsGradient } from '../../methods/index.ts'
import type { Host } from '../../base/index.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import { openLanguageTask } from './languageTask.ts'
import { fingerprintOf, namingModel, readBeside } from './modelFile.ts'
import { splitOf } from './taskSplit.ts'

export interface OpenedTask {
  readonly objective: Objective
  readonly trainables: WorkerReport['trainables']
  readonly fingerprints: WorkerReport['fingerprints']
  readonly graphBytes: number
  readonly provider: WorkerReport['provider']
  readonly layout: WorkerReport['layout']
  readonly notices: readonly string[]
  readonly texts?: SharedSequences
}

/**
 * @param first what another worker has reported of the same task already, which need not be made
 *   again
 */
export async function openTask(
  config: RunConfig,
  host: EngineHost,
  first?: Pick<WorkerReport, 'texts' | 'fingerprints'>,
): Promise<OpenedTask> {
  const { task, federation, seed, compute } = config
  if (task.kind === 'quadratic') {
    const objective = createQuadraticObjective(task, seed)
    return {
      objective,
      trainables: [{ name: 'x', shape: [task.dim] }],
      fingerprints: { model: fingerprintOfFormula(task, host) },
      graphBytes: 0,
      provider: undefined,
      layout: undefined,
      notices: [],
    }
  }
  if (task.kind === 'language') return openLanguageTask(config, task, host, first)
  const dataset = await openDataset(task, host)
  const split = splitOf(config, dataset)
  checkBatchSize(split, federation.batchSize)
  const graph = await openGraph(task, dataset, seed, host)
  const residency = movesVectors(config.method) ? 'fed' : 'resident'
  const { session, ...opened } = await host.openSession(graph, compute, residency)
  if (!isBuiltIn(task.model)) await checkBatching(graph, session)
  const options: ClassificationOptions = {
    graph,
    session,
    dataset,
    batchSize: federation.batchSize,
    batchOf: ({ client, round, localStep }) =>
      drawBatch(split, client, round, localStep, federation.batchSize, seed),
  }
  const objective = needsGradient(config.method)
    ? createDifferentiableClassification({
        ...options,
        gradientSession: await host.openGradientSession(
          await namingModel(task.model, () => differentiate(graph)),
        ),
      })
    : createClassificationObjective(options)
  return {
    objective,
    trainables: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    fingerprints: {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialParams, host),
    },
    graphBytes: graph.bytes.length,
    ...opened,
  }
}

/** The model in trainable form, without a session. @throws HisoError MODEL_… */
export async function openGraph(
  task: ClassificationSettings,
  dataset: Dataset,
  seed: number,
  host: Host,
): Promise<TrainableGraph> {
  if (isBuiltIn(task.model)) {
    const { featureShape, classes } = dataset
    return buildModel(
      task.model,
      { featureShape, classes: classes.length, hidden: task.hidden },
      seed,
    )
  }
  const bytes = await readModel(task.model, host)
  return namingModel(task.model, async () => {
    const externalData = externalDataFrom(
      await readBeside(task.model, inspectModel(bytes).externalFiles, host),
    )
    return promoteModel(bytes, {
      trainable: task.trainable,
      featureShape: dataset.featureShape,
      externalData,
    })
  })
}

function isBuiltIn(model: string): model is (typeof builtInModels)[number] {
  return (builtInModels as readonly string[]).includes(model)
}

async function readModel(path: string, host: Host): Promise<Uint8Array> {
  if ((await host.files.kind(path)) === 'file') return host.files.read(path)
  const near = suggestion(path.split(/[\\/]/).at(-1)!, builtInModels)
  const isGone = /\.onnx$/i.test(path)
  throw new HisoError('MODEL_NOT_FOUND', {
    where: path,
    what: isGone ? 'there is no such file' : 'this is neither a built-in model nor an ONNX file',
    remedy: `${isGone ? 'Put it back, or choose another model. ' : ''}${near === undefined ? '' : `Did you mean ${near}? `}Built-in models are ${builtInModels.join(', ')}`,
  })
}

/** SHA-256 of an analytic objective's settings. */
export function fingerprintOfFormula(task: QuadraticSettings, host: Host): string {
  return host
    .sha256()
    .update(encoder.encode(JSON.stringify(task)))
    .hex()
}

const encoder = new TextEncoder()
