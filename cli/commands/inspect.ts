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
import { isOptName } from '../../core/model/index.ts'
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
  if (isOptName(word)) {
    const outline = await planOpt(word, host)
    terminal.print(
      json
        ? JSON.stringify({ kind: 'decoder', ...outline })
        : `\n${formatOptOutline(outline, host.memoryBytes, terminal)}`,
    )
    return exitCodes.ok
  }
  if (await isDecoder(word, context)) return showDecoder(context, word, json)
  const bundled = (await listBundledDatasets(host.files)).map(({ name }) => name)
  const texts = (await listBundledTexts(host.files)).map(({ name }) => name)
  const path = resolve(cwd, word)
  if (texts.includes(word) || isHubReference(word))
    return showTexts(await ask('describeTexts', { dataset: word }), terminal, json)
  if (bundled.includes(word)) return showNumbers(context, { dataset: word }, json)
  if ((await host.files.kind(path)) === undefined) throw notFound(word, [...bundled, ...texts])
  const found = await ask('recogniseFile', { path })
  switch (found.kind) {
    case 'model':
      return showModel(context, await inspectFile(context, word), json)
    case 'decoder': {
      if ((await host.files.kind(path)) === 'folder') return showDecoder(context, path, json)
      const model = await inspectFile(context, word)
      return model.missingFiles.length === 0
        ? showDecoder(context, path, json)
        : showModel(context, model, json)
    }
    case 'texts':
      if (labelColumn !== undefined) break
      showTexts(await ask('describeTexts', { dataset: path }), terminal, json)
      // A folder of texts is no table of numbers.
      if ((await host.files.kind(path)) === 'file')
        terminal.tell('  Shown as texts; with --label-column NAME it is read as numbers.')
      return exitCodes.ok
    case 'dataset':
      break
    case 'other':
      throw notInspected(word, found.reason, whatCanBe)
    default: {
      const [what, remedy] = others[found.kind]
      throw notInspected(word, what, remedy)
    }
  }
  const of = labelColumn === undefined ? {} : { labelColumn }
  return showNumbers(context, { dataset: path, ...of }, json)
}

const whatCanBe = 'Give data, an ONNX file, or the folder of a decoder'

/** What files are that other commands take, and which. */
const others = {
  config: ['this is a configuration', 'Play it: hiso run'],
  lesson: ['this is a lesson', 'Check it: hiso lesson check'],
  template: ['this is a prompt template', 'Name it as task.template of a configuration'],
  runFolder: ['this is the folder of a run', 'Show it: hiso show'],
  runFile: ['this is a run in one file', 'Rebuild its model: hiso unpack'],
  tokenizer: ['this is a tokenizer', 'Give the folder that holds it, with its model'],
} as const

function notInspected(word: string, what: string, remedy: string): HisoError {
  return new HisoError('DATA_INVALID', { where: word, what, remedy })
}

function showTexts(summary: TextsSummary, terminal: Terminal, json: boolean): number {
  terminal.print(
    json ? JSON.stringify({ kind: 'texts', ...summary }) : `\n${formatTexts(summary, terminal)}`,
  )
  return exitCodes.ok
}

async function showNumbers(
  { host, terminal }: CommandContext,
  of: { readonly dataset: string; readonly labelColumn?: string },
  json: boolean,
): Promise<number> {
  const preview = await inQuarantine(host)('inspectDataset', { ...datasetDefaults(), ...of })
  terminal.print(
    json
      ? JSON.stringify({ kind: 'dataset', ...preview })
      : `\n${formatDataset(preview, terminal)}`,
  )
  return exitCodes.ok
}

function showModel(
  { terminal, cwd }: CommandContext,
  model: InspectedModel,
  json: boolean,
): number {
  terminal.print(
    json
      ? JSON.stringify({ kind: 'model', ...model })
      : `\n${formatModel({ ...model, path: shortPath(model.path, cwd) }, terminal)}`,
  )
  const canTrain = model.problem === undefined && model.missingFiles.length === 0
  return canTrain ? exitCodes.ok : exitCodes.task
}

/** Whether `task.model` is a bundled decoder, or one that was downloaded, under this name. */
async function isDecoder(word: string, { host, cwd }: CommandContext): Promise<boolean> {
  if ((await host.files.kind(resolve(cwd, word))) !== undefined) return false
  return locateDecoder(word, host).then(
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
  if (/\.onnx$/i.test(word))
    return new HisoError('MODEL_NOT_FOUND', {
      where: word,
      what: 'there is no such file',
      remedy: 'Give the path of an ONNX file, of data, or the name of a bundled dataset',
    })
  const near = suggestion(word, bundled)
  return new HisoError('DATA_NOT_FOUND', {
    where: word,
    what: 'this is neither a bundled dataset nor a file or folder',
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Bundled datasets are ${bundled.join(', ')}`,
  })
}
