/** Opens a classification: dataset, split, classifier, and the objective made of them. */
import {
  chooseSamples,
  drawBatch,
  evaluationSample,
  openDataset,
  smallClientNotices,
} from '../../data/index.ts'
import { movesVectors, needsGradient } from '../../methods/index.ts'
import {
  checkBatching,
  createClassificationObjective,
  createDifferentiableClassification,
  type ClassificationOptions,
} from '../../model/index.ts'
import { differentiate } from '../../onnx/index.ts'
import { fingerprintOf, namingModelInErrors } from '../modelFile.ts'
import type { OpenedTask } from '../openedTask.ts'
import { splitOf } from '../split.ts'
import type { ConfigOf } from '../task.ts'
import type { TaskHost } from '../taskHost.ts'
import { choosePass } from '../choosePass.ts'
import { classifierForm } from './classifierForm.ts'
import { alignmentOf, graphNotices, isBuiltIn, openGraph, withOutputs } from './graph.ts'

/** Names of more classes than these are not sent to clients who join. */
const MOST_NAMED = 100

export async function openClassification(
  config: ConfigOf<'classification'>,
  host: TaskHost,
): Promise<OpenedTask> {
  const { task, federation, seed, compute } = config
  const whole = await openDataset(task, host)
  const { test, classes } = whole
  const chosen = evaluationSample(test.labels, classes.length, config.evaluation.samples)
  const dataset = { ...whole, test: chooseSamples(test, chosen) }
  const split = splitOf(config, dataset)
  const graph = await openGraph(task, dataset, seed, host)
  const alignment = alignmentOf(graph, dataset)
  const residency = movesVectors(config.method) ? 'fed' : 'resident'
  const { session, ...opened } = await namingModelInErrors(task.model, () =>
    host.openSession(graph, compute, residency),
  )
  if (!isBuiltIn(task.model))
    await namingModelInErrors(task.model, () => checkBatching(graph, session))
  const { pass, groups, passBytes, notices } = await choosePass(
    config,
    classifierForm(config, graph, session, opened.provider),
    host,
  )
  const options: ClassificationOptions = {
    groups,
    graph,
    session,
    dataset: withOutputs(dataset, alignment),
    batchSize: federation.batchSize,
    batchOf: ({ client, round, localStep }) =>
      drawBatch(split, client, round, localStep, federation.batchSize, seed),
  }
  const objective = needsGradient(config.method)
    ? createDifferentiableClassification({
        ...options,
        gradientSession: await host.openGradientSession(
          await namingModelInErrors(task.model, () => differentiate(graph)),
        ),
      })
    : createClassificationObjective(options)
  return {
    objective,
    trainables: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    fingerprints: {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, [graph.initialParams], host),
    },
    sampleForm: {
      shape: dataset.featureShape,
      classes: dataset.classes.length,
      ...(alignment.names.length <= MOST_NAMED && { classNames: alignment.names }),
    },
    inputs: { preprocessing: dataset.preprocessing, classes: alignment.names },
    graphBytes: graph.bytes.length,
    ...opened,
    pass,
    ...(passBytes !== undefined && { passBytes }),
    information: [...alignment.information, ...(opened.information ?? [])],
    notices: [
      ...dataset.notices,
      ...smallClientNotices(split, federation.batchSize),
      ...alignment.notices,
      ...graphNotices(graph, dataset),
      ...opened.notices,
      ...notices,
    ],
  }
}
