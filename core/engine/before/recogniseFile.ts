/**
 * What a path leads to: the one answer for files that are dropped, chosen, opened by the system or
 * inspected. Content decides where a name can mean two things.
 */
import { HisoError, type Host } from '../../base/index.ts'
import { longestLesson, readConfigText, runConfigSchema } from '../../config/index.ts'
import { holdsTexts, previewDataset } from '../../data/index.ts'
import { inspectModel, type ModelSummary } from '../../model/index.ts'
import { locateDecoder } from '../../tasks/index.ts'

/** What can be made of a file or folder. Plain data. */
export type RecognisedFile =
  | { readonly kind: 'config' | 'lesson' | 'template'; readonly text: string }
  | {
      readonly kind:
        | 'runFolder'
        | 'runFile'
        /** A classifier. */
        | 'model'
        /** A language model. */
        | 'decoder'
        /** Numbers with a class. */
        | 'dataset'
        | 'texts'
        | 'tokenizer'
    }
  /** `reason` completes "it can't be opened: …". */
  | { readonly kind: 'other'; readonly reason: string }

/**
 * A config is a page of text; what is larger was chosen by mistake, or is a lesson with its runs.
 */
const largestConfigBytes = 1024 * 1024
/** How such a file begins; comments may stand before it. */
const lessonHead = /^(?:#.*\r?\n|\r?\n)*format: \d+\r?\ntitle: /

/**
 * Folders, tables and idx files, by their names: what is wrong with their content is worth saying.
 */
const dataName = /^[^.]*$|\.(csv|tsv|txt|data|dat|jsonl|ndjson|parquet)(\.gz)?$|ubyte(\.gz)?$/i

/** The files beside a decoder's graph, as exporters name them. */
const companions = ['config.json', 'tokenizer.json']

/**
 * @returns `other` for what is not there and for what nothing can be made of; a file of a known
 *   kind that is broken has that kind, so that its reader says what is wrong
 * @throws HisoError FILE_UNREADABLE
 */
export async function recogniseFile(path: string, host: Host): Promise<RecognisedFile> {
  switch (await host.files.kind(path)) {
    case undefined:
      return other('it is not there any more')
    case 'folder':
      return { kind: await kindOfFolder(path, host) }
    case 'file':
      return recogniseContent(path, lastPart(path), host)
  }
}

async function kindOfFolder(
  path: string,
  host: Host,
): Promise<'runFolder' | 'decoder' | 'texts' | 'dataset'> {
  const names = await host.files.list(path)
  if (names.includes('run.json')) return 'runFolder'
  if (await holdsDecoder(path, names, host)) return 'decoder'
  return (await holdsTexts(path, host.files)) ? 'texts' : 'dataset'
}

/** Its graph may have any name beside its companions, and lie in the folder `onnx`. */
async function holdsDecoder(path: string, names: readonly string[], host: Host): Promise<boolean> {
  const isGraph = (name: string) => name.endsWith('.onnx')
  if (companions.some((name) => names.includes(name))) {
    const below = host.files.join(path, 'onnx')
    const isFolder = (await host.files.kind(below)) === 'folder'
    if ([...names, ...(isFolder ? await host.files.list(below) : [])].some(isGraph)) return true
  }
  return locateDecoder(path, host).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof HisoError) return false
      throw thrown
    },
  )
}

async function recogniseContent(path: string, name: string, host: Host): Promise<RecognisedFile> {
  if (name === 'tokenizer.json') return { kind: 'tokenizer' }
  if (name === 'run.json') return other('open the folder that it lies in')
  if (/\.hiso$/i.test(name)) return { kind: 'runFile' }
  if (/\.onnx$/i.test(name)) return { kind: (await takesTokens(path, host)) ? 'decoder' : 'model' }
  if (/\.(ya?ml|json)$/i.test(name)) return recognisePage(path, name, host)
  if (await holdsTexts(path, host.files)) return { kind: 'texts' }
  if (dataName.test(name) || (await isTable(path, host))) return { kind: 'dataset' }
  return other(
    'it is neither a configuration, a run, an ONNX model nor a table of texts or numbers',
  )
}

/** Token ids are integers that pick rows of a table; what a classifier takes is not. */
const readsTokens = ({ inputs, operators, problem }: ModelSummary): boolean =>
  problem !== undefined &&
  operators.some(({ name }) => name.startsWith('Gather')) &&
  inputs.some(({ type }) => type === 'int64' || type === 'int32')

/** A file that is no ONNX graph is a classifier that its reader refuses. */
async function takesTokens(path: string, { files }: Host): Promise<boolean> {
  try {
    return readsTokens(inspectModel(await files.read(path)))
  } catch (error) {
    if (error instanceof HisoError && error.code.startsWith('MODEL_')) return false
    throw error
  }
}

/**
 * YAML or JSON: an object, or rows of texts or numbers in a .json file. What can't be read is a
 * config, whose reader says why.
 */
async function recognisePage(path: string, name: string, host: Host): Promise<RecognisedFile> {
  const { files } = host
  const size = await files.size(path)
  const read = size > longestLesson ? '' : new TextDecoder().decode(await files.read(path))
  const isLarge = size > largestConfigBytes && !lessonHead.test(read)
  const text = isLarge ? '' : read
  const page = pageIn(text, name)
  const isJson = /\.json$/i.test(name)
  if (page !== undefined && !(isJson && isRow(page))) return { kind: kindOfPage(page), text }
  if (isJson) {
    if (await holdsTexts(path, files)) return { kind: 'texts' }
    if (page !== undefined || holdsRows.test(text) || (await isTable(path, host)))
      return { kind: 'dataset' }
  }
  return isLarge ? other('it is too large to be a configuration') : { kind: 'config', text }
}

function pageIn(text: string, name: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const page = readConfigText(text, name, longestLesson)
    const isObject = typeof page === 'object' && page !== null && !Array.isArray(page)
    return isObject ? (page as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof HisoError) return undefined
    throw error
  }
}

/** Objects behind one another, as tools print rows. */
const holdsRows = /^\s*\{[^]*\}\s*\{/

const configKeys = new Set([...Object.keys(runConfigSchema.shape), 'compare', 'pages', 'prompt'])

/** An object without a key that a page begins with. */
const isRow = (page: Readonly<Record<string, unknown>>): boolean => {
  const keys = Object.keys(page)
  return keys.length > 0 && !keys.some((key) => configKeys.has(key))
}

function kindOfPage(page: Readonly<Record<string, unknown>>): 'config' | 'lesson' | 'template' {
  if (Array.isArray(page['pages'])) return 'lesson'
  return Object.hasOwn(page, 'prompt') && !Object.hasOwn(page, 'task') ? 'template' : 'config'
}

/** Under a name that says nothing. */
async function isTable(path: string, host: Host): Promise<boolean> {
  try {
    await previewDataset({ dataset: path, testShare: 0.2 }, host)
    return true
  } catch (error) {
    if (error instanceof HisoError) return false
    throw error
  }
}

const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
const other = (reason: string): RecognisedFile => ({ kind: 'other', reason })
