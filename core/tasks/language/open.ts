/** Opens a language task: rows of tokens, their split, decoder, and the objective made of them. */
import { HisoError, type Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import {
  chooseSequences,
  drawBatch,
  evaluationSample,
  openShared,
  shareSequences,
  smallClientNotices,
} from '../../data/index.ts'
import { movesVectors, needsGradient } from '../../methods/index.ts'
import {
  checkSequences,
  createDifferentiableLanguage,
  createLanguageObjective,
  isOptName,
  type DifferentiableLanguageOptions,
  type LanguageGraph,
  type LanguageOptions,
  type ScoringSettings,
} from '../../model/index.ts'
import { differentiateWeighted } from '../../onnx/index.ts'
import { fingerprintOf, namingModelInErrors } from '../modelFile.ts'
import type { OpenedTask, SharedReport } from '../openedTask.ts'
import { splitOf } from '../split.ts'
import type { ConfigOf } from '../task.ts'
import type { TaskHost } from '../taskHost.ts'
import { choosePass } from '../choosePass.ts'
import { openLanguageGraph } from './decoder.ts'
import { languageForm } from './languageForm.ts'
import { openLanguageData, openTemplateOf } from './texts.ts'

/** @param first see `Task.open` */
export async function openLanguage(
  config: ConfigOf<'language'>,
  host: TaskHost,
  first?: SharedReport,
): Promise<OpenedTask> {
  const { task, federation, seed, compute } = config
  refuseHalf(config)
  const shared = first?.texts ?? shareSequences(await openLanguageData(task, host, config.split))
  const whole = openShared(shared)
  const { test, classes } = whole
  const chosen = evaluationSample(test.labels, classes.length, config.evaluation.samples)
  const dataset = { ...whole, test: chooseSequences(test, chosen) }
  const split = splitOf(config, dataset)
  const graph = await openLanguageGraph(task, dataset.candidates, seed, host)
  const { runner, provider, information, notices } = await host.openRunner(
    graph.bytes,
    task.frozen === 'float16' ? { ...compute, provider: 'cpu' } : compute,
    movesVectors(config.method) ? undefined : graph,
  )
  if (!isOptName(task.model)) await checkSequences(graph, runner, dataset)
  const {
    pass,
    groups,
    passBytes,
    notices: passNotices,
  } = await choosePass(config, languageForm(config, graph, runner, dataset, provider), host)
  const scoring = dataset.candidates === undefined ? await scoringOf(task, host) : undefined
  const options: LanguageOptions = {
    // The runtime has its own copy.
    graph: { ...graph, bytes: new Uint8Array() },
    runner,
    dataset,
    batchSize: federation.batchSize,
    batchOf: ({ client, round, localStep }) =>
      drawBatch(split, client, round, localStep, federation.batchSize, seed),
    ...(scoring && { scoring }),
    groups,
  }
  return {
    objective: needsGradient(config.method)
      ? createDifferentiableLanguage({ ...options, ...(await openGradients(graph, task, host)) })
      : createLanguageObjective(options),
    trainables: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    fingerprints: first?.fingerprints ?? {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialTensors(), host),
    },
    graphBytes:
      graph.bytes.length +
      Object.values(graph.held).reduce((sum, { data }) => sum + data.byteLength, 0),
    provider,
    layout: 'plain',
    pass,
    ...(passBytes !== undefined && { passBytes }),
    ...(information && { information }),
    notices: [
      ...dataset.notices,
      ...smallClientNotices(split, federation.batchSize),
      ...notices,
      ...passNotices,
    ],
    texts: shared,
  }
}

/** @throws HisoError CONFIG_INVALID where frozen weights can't be kept as float16 */
function refuseHalf({ task, method, compute }: ConfigOf<'language'>): void {
  if (task.frozen !== 'float16') return
  const refuse = (why: string) => {
    throw new HisoError('CONFIG_INVALID', {
      where: 'task.frozen',
      what: `float16 is not for ${why}`,
      remedy: 'Choose task.frozen: float32',
    })
  }
  if (needsGradient(method)) refuse(`${method.name}, whose clients take true gradients`)
  if (!['auto', 'cpu'].includes(compute.provider))
    refuse(`compute.provider: ${compute.provider}, only for the processor`)
}

/** @throws HisoError MODEL_UNSUPPORTED naming the model and the operator that has no gradient */
export async function openGradients(
  graph: LanguageGraph,
  { model }: LanguageSettings,
  host: TaskHost,
): Promise<Pick<DifferentiableLanguageOptions, 'gradients' | 'gradientRunner'>> {
  const { bytes, ...gradients } = await namingModelInErrors(model, () =>
    differentiateWeighted(graph),
  )
  // As `openGradientSession`: what can be differentiated at all, the processor can compute.
  const { runner } = await host.openRunner(bytes, { provider: 'cpu' })
  return { gradients, gradientRunner: runner }
}

/**
 * How answers that the model writes are scored; undefined for a template that classifies. @throws
 * HisoError as `openTemplateOf`
 */
async function scoringOf(task: LanguageSettings, host: Host): Promise<ScoringSettings | undefined> {
  const { template, tokenizer } = await openTemplateOf(task, host)
  if (template.kind === 'classification') return undefined
  return { metrics: template.metrics, tokenizer, maxNewTokens: task.maxNewTokens }
}
