/**
 * Opens a task of kind `language`: tokenizer, rows of tokens, decoder, and the objective made of
 * them.
 */
import { HisoError, type Host } from '../../base/index.ts'
import { languageModels, type LanguageSettings, type RunConfig } from '../../config/index.ts'
import {
  candidatesOf,
  checkBatchSize,
  drawBatch,
  openSequences,
  openShared,
  openTemplate,
  openTokenizer,
  shareSequences,
  type SequenceDataset,
  type Template,
  type TextTokenizer,
} from '../../data/index.ts'
import {
  buildOpt,
  checkSequences,
  createDifferentiableLanguage,
  createLanguageObjective,
  importDecoder,
  inspectModel,
  isOptName,
  optShapes,
  trainDecoder,
  type Decoder,
  type DifferentiableLanguageOptions,
  type LanguageGraph,
  type LanguageOptions,
  type ScoringSettings,
} from '../../model/index.ts'
import { differentiateWeighted, externalDataFrom } from '../../onnx/index.ts'
import { decoderFiles, findDownloaded, isHubReference } from '../../hub/index.ts'
import { movesVectors, needsGradient } from '../../methods/index.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import { fingerprintOf, namingModel, readBeside } from './modelFile.ts'
import type { OpenedTask } from './task.ts'
import { splitOf } from './taskSplit.ts'

/**
 * The bundled model whose tokenizer serves decoders with random weights: any tokenizer would do.
 */
const standInTokenizer = 'opt-mail'

/** @param first see `openTask` */
export async function openLanguageTask(
  config: RunConfig,
  task: LanguageSettings,
  host: EngineHost,
  first?: Pick<WorkerReport, 'texts' | 'fingerprints'>,
): Promise<OpenedTask> {
  const { federation, seed, compute } = config
  const shared = first?.texts ?? shareSequences(await openLanguageData(task, host))
  const dataset = openShared(shared)
  const split = splitOf(config, dataset)
  checkBatchSize(split, federation.batchSize)
  const graph = await openLanguageGraph(task, dataset.candidates, seed, host)
  const { runner, provider, notices } = await host.openRunner(
    graph.bytes,
    compute,
    movesVectors(config.method) ? undefined : graph,
  )
  if (!isOptName(task.model)) await checkSequences(graph, runner, dataset)
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
  }
  return {
    objective: needsGradient(config.method)
      ? createDifferentiableLanguage({ ...options, ...(await openGradients(graph, task, host)) })
      : createLanguageObjective(options),
    trainables: graph.trainables.map(({ name, shape }) => ({ name, shape })),
    fingerprints: first?.fingerprints ?? {
      dataset: dataset.fingerprint,
      model: fingerprintOf(graph.bytes, graph.initialParams(), host),
    },
    graphBytes:
      graph.bytes.length +
      Object.values(graph.held).reduce((sum, { data }) => sum + data.byteLength, 0),
    provider,
    layout: 'plain',
    notices: [...dataset.notices, ...notices],
    texts: shared,
  }
}

/** @throws HisoError MODEL_UNSUPPORTED naming the model and the operator that has no gradient */
export async function openGradients(
  graph: LanguageGraph,
  { model }: LanguageSettings,
  host: EngineHost,
): Promise<Pick<DifferentiableLanguageOptions, 'gradients' | 'gradientRunner'>> {
  const { bytes, ...gradients } = await namingModel(model, () => differentiateWeighted(graph))
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

/**
 * The rows of tokens that a language task learns from. @throws HisoError DATA_…, MODEL_NOT_FOUND
 * (no tokenizer)
 */
export async function openLanguageData(
  task: LanguageSettings,
  host: Host,
): Promise<SequenceDataset> {
  return (await openSequences(task, await openTokenizerOf(task, host), host)).dataset
}

/**
 * How the task's texts become prompts and tokens. @throws HisoError CONFIG_…, MODEL_NOT_FOUND (no
 * tokenizer)
 */
export async function openTemplateOf(
  task: LanguageSettings,
  host: Host,
): Promise<{ readonly template: Template; readonly tokenizer: TextTokenizer }> {
  return {
    template: await openTemplate(task.template, host.files),
    tokenizer: await openTokenizerOf(task, host),
  }
}

/**
 * The tokens that answer the task's prompts; undefined where answers are texts. @throws HisoError
 * as `openTemplateOf`
 */
export async function candidatesFor(
  task: LanguageSettings,
  host: Host,
): Promise<readonly number[] | undefined> {
  const { template, tokenizer } = await openTemplateOf(task, host)
  return template.kind === 'classification' ? candidatesOf(template, tokenizer) : undefined
}

/** @throws HisoError MODEL_NOT_FOUND, MODEL_INVALID */
export async function openTokenizerOf(task: LanguageSettings, host: Host): Promise<TextTokenizer> {
  const { files } = host
  if (task.tokenizer !== undefined) return openTokenizer(task.tokenizer, files)
  if (isOptName(task.model)) return openTokenizer(bundled(standInTokenizer, host), files)
  return openTokenizer((await locateDecoder(task.model, host)).folder, files)
}

/** Names of the decoders that come with the program, each with its tokenizer. */
export async function listBundledDecoders({ files }: Host): Promise<readonly string[]> {
  const root = files.join(files.resources, 'models')
  return (await files.kind(root)) === 'folder' ? files.list(root) : []
}

const bundled = (name: string, { files }: Host) => files.join(files.resources, 'models', name)

/** The decoder in trainable form, without a session. @throws HisoError MODEL_… */
export async function openLanguageGraph(
  task: LanguageSettings,
  candidates: readonly number[] | undefined,
  seed: number,
  host: Host,
): Promise<LanguageGraph> {
  return trainDecoder(await openDecoder(task.model, seed, host), {
    trainables: task.trainables,
    seed,
    ...(candidates === undefined ? {} : { candidates }),
  })
}

/** The decoder that a task names, as it is before anything is trained. @throws HisoError MODEL_… */
export async function openDecoder(model: string, seed: number, host: Host): Promise<Decoder> {
  if (isOptName(model)) return buildOpt(optShapes[model], seed)
  const { file } = await locateDecoder(model, host)
  const bytes = await host.files.read(file)
  return namingModel(file, async () => {
    const { externalFiles } = inspectModel(bytes)
    return importDecoder(bytes, externalDataFrom(await readBeside(file, externalFiles, host)))
  })
}

/**
 * The file and the folder that a model's name or path stands for. @throws HisoError MODEL_NOT_FOUND
 */
export async function locateDecoder(
  model: string,
  host: Host,
): Promise<{ readonly file: string; readonly folder: string }> {
  const { files } = host
  if (isHubReference(model)) return locateDecoder(await findDownloaded(model, 'model', files), host)
  if ((await files.kind(model)) === 'file')
    return { file: model, folder: await folderOf(model, host) }
  for (const folder of [bundled(model, host), model])
    for (const name of decoderFiles) {
      const file = files.join(folder, name)
      if ((await files.kind(file)) === 'file') return { file, folder }
    }
  throw new HisoError('MODEL_NOT_FOUND', {
    where: model,
    what: 'this is neither a built-in decoder nor an ONNX file, nor a folder that holds one',
    remedy: `Put it back, or choose another: ${(await listBundledDecoders(host)).join(', ')} comes with the program; shapes with random weights are ${languageModels.join(', ')}; a folder holds ${decoderFiles[0]} and tokenizer.json; what was downloaded is called hf:owner/name`,
  })
}

/**
 * The folder of a model's file. Exports keep their graphs in onnx/, and what belongs to them one
 * level up.
 */
async function folderOf(file: string, { files }: Host): Promise<string> {
  const own = files.join(file, '..')
  const above = files.join(own, '..')
  const has = async (folder: string) =>
    (await files.kind(files.join(folder, 'tokenizer.json'))) === 'file'
  return !(await has(own)) && (await has(above)) ? above : own
}
