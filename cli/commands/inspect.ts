/**
 * `hiso inspect`: what is in a dataset or an ONNX file, or what a decoder of full size would take,
 * before anything is trained.
 */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import {
  builtInModels,
  hasSamples,
  hasTexts,
  parseRunConfig,
  suggestion,
} from '../../core/config/index.ts'
import { listBundledDatasets, listBundledTexts, type TextsSummary } from '../../core/data/index.ts'
import { inQuarantine, planOpt } from '../../core/engine/index.ts'
import { locateDecoder } from '../../core/tasks/index.ts'
import { isHubReference } from '../../core/hub/index.ts'
import { isOptName, type ModelSummary } from '../../core/model/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { formatDataset } from '../formatDataset.ts'
import { formatDecoder, isTrainable } from '../formatDecoder.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatModel, type InspectedModel } from '../formatModel.ts'
import { formatOptOutline } from '../formatOptOutline.ts'
import type { Terminal } from '../terminal.ts'
import { formatTexts } from '../formatTexts.ts'

export interface InspectOptions {
  readonly labelColumn?: string
  readonly json?: boolean
}

/** @returns the exit code; of a model that can't be trained it is that of a wrong model */
export async function inspect(
  context: CommandContext,
  word: string,
  { labelColumn, json = false }: InspectOptions,
): Promise<number> {
  const { host, terminal, cwd } = context
  const ask = inQuarantine(host)
  if (/\.onnx$/i.test(word)) {
    const model = await inspectFile(context, word)
    if (takesTokens(model) && model.missingFiles.length === 0)
      return showDecoder(context, model.path, json)
    terminal.print(
      json
        ? JSON.stringify({ kind: 'model', ...model })
        : `\n${formatModel({ ...model, path: shortPath(model.path, cwd) }, terminal)}`,
    )
    const canTrain = model.problem === undefined && model.missingFiles.length === 0
    return canTrain ? exitCodes.ok : exitCodes.task
  }
  if (isOptName(word)) {
    const outline = await planOpt(word, host)
    terminal.print(
      json
        ? JSON.stringify({ kind: 'decoder', ...outline })
        : `\n${formatOptOutline(outline, host.memoryBytes, terminal)}`,
    )
    return exitCodes.ok
  }
  const decoder = await decoderCalled(word, context)
  if (decoder !== undefined) return showDecoder(context, decoder, json)
  const bundled = (await listBundledDatasets(host.files)).map(({ name }) => name)
  const texts = (await listBundledTexts(host.files)).map(({ name }) => name)
  const isNamed = [...bundled, ...texts].includes(word) || isHubReference(word)
  if (!isNamed && (await host.files.kind(resolve(cwd, word))) === undefined)
    throw notFound(word, [...bundled, ...texts])
  const dataset = isNamed ? word : resolve(cwd, word)
  if (texts.includes(word) || isHubReference(word)) {
    showTexts(await ask('describeTexts', { dataset }), terminal, json)
    return exitCodes.ok
  }
  if (!isNamed && labelColumn === undefined && (await ask('holdsTexts', { path: dataset }))) {
    showTexts(await ask('describeTexts', { dataset }), terminal, json)
    if (/\.(csv|tsv|txt)(\.gz)?$/i.test(word))
      terminal.tell('  Shown as texts; with --label-column NAME it is read as numbers.')
    return exitCodes.ok
  }
  const preview = await ask('inspectDataset', {
    ...{ ...datasetDefaults(), dataset },
    ...(labelColumn !== undefined && { labelColumn }),
  })
  terminal.print(
    json
      ? JSON.stringify({ kind: 'dataset', ...preview })
      : `\n${formatDataset(preview, terminal)}`,
  )
  return exitCodes.ok
}

function showTexts(summary: TextsSummary, terminal: Terminal, json: boolean): void {
  terminal.print(
    json ? JSON.stringify({ kind: 'texts', ...summary }) : `\n${formatTexts(summary, terminal)}`,
  )
}

/** Token ids are integers; what a classifier takes is not. */
const takesTokens = ({ inputs, problem }: ModelSummary): boolean =>
  problem !== undefined && inputs.some(({ type }) => type === 'int64' || type === 'int32')

/**
 * What `task.model` would be for a bundled decoder, a folder that holds one, or one that was
 * downloaded.
 */
async function decoderCalled(
  word: string,
  { host, cwd }: CommandContext,
): Promise<string | undefined> {
  const path = resolve(cwd, word)
  if ((await host.files.kind(path)) === 'file') return undefined
  for (const model of isHubReference(word) ? [word] : [word, path])
    if (await isDecoder(model, host)) return model
  return undefined
}

function isDecoder(model: string, host: CommandContext['host']): Promise<boolean> {
  return locateDecoder(model, host).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof HisoError) return false
      throw thrown
    },
  )
}

async function showDecoder(
  { host, terminal, cwd }: CommandContext,
  model: string,
  json: boolean,
): Promise<number> {
  const decoder = await inQuarantine(host)('describeDecoder', { model })
  terminal.print(
    json
      ? JSON.stringify({ kind: 'decoder', ...decoder })
      : `\n${formatDecoder({ ...decoder, file: shortPath(decoder.file, cwd) }, terminal)}`,
  )
  return isTrainable(decoder) ? exitCodes.ok : exitCodes.task
}

async function inspectFile({ host, cwd }: CommandContext, word: string): Promise<InspectedModel> {
  const { files } = host
  const path = resolve(cwd, word)
  if ((await files.kind(path)) !== 'file')
    throw new HisoError('MODEL_NOT_FOUND', {
      where: word,
      what: 'there is no such file',
      remedy: 'Give the path of an ONNX file, of data, or the name of a bundled dataset',
    })
  const summary = await inQuarantine(host)('inspectModel', { path }).catch((error: unknown) => {
    throw error instanceof HisoError && error.code.startsWith('MODEL_') ? error.within(word) : error
  })
  const missingFiles: string[] = []
  for (const name of summary.externalFiles)
    if ((await files.kind(files.join(path, '..', name))) !== 'file') missingFiles.push(name)
  return { path, bytes: await files.size(path), ...summary, missingFiles }
}

/** How a dataset is read when a config says nothing about it. */
function datasetDefaults() {
  const { task } = parseRunConfig({
    name: 'inspect',
    task: { dataset: 'mnist', model: 'softmax' },
    method: { name: 'hiso' },
  })
  if (!hasSamples(task) || hasTexts(task)) throw new Error('this task has a dataset of numbers')
  return { labelColumn: task.labelColumn, testShare: task.testShare }
}

function notFound(word: string, bundled: readonly string[]): HisoError {
  if ((builtInModels as readonly string[]).includes(word))
    return new HisoError('DATA_NOT_FOUND', {
      where: word,
      what: 'this is a built-in model, which takes its shape from the dataset',
      remedy: `hiso show RUN tells its dimension; inspect reads datasets and ONNX files`,
    })
  const near = suggestion(word, bundled)
  return new HisoError('DATA_NOT_FOUND', {
    where: word,
    what: 'this is neither a bundled dataset nor a file or folder',
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Bundled datasets are ${bundled.join(', ')}`,
  })
}
