/** Which files of a repository to download. */
import { HisoError } from '../base/index.ts'
import type { Selection } from './download.ts'
import type { RemoteFile } from './listing.ts'

/**
 * The files in a model's folder that may hold a decoder, best first: exports without a cache come
 * before those with one.
 */
export const decoderFiles = [
  ...['model.onnx', 'decoder_model.onnx', 'decoder_with_past_model.onnx'],
  ...['onnx/model.onnx', 'onnx/decoder_model.onnx', 'onnx/decoder_with_past_model.onnx'],
] as const

/** The files beside a model's graph. */
const companions = new Set([
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
  ...['special_tokens_map.json', 'LICENSE', 'LICENSE.md', 'LICENSE.txt'],
])

export interface ModelSelection extends Selection {
  /** The ONNX file. */
  readonly graph: string
  /** What a config adds after the repository's name; empty if the folder shows which file it is. */
  readonly inside: string
}

/**
 * The decoder's graph with its data, its tokenizer and its settings.
 *
 * @param wanted the ONNX file, if it is not the usual one
 * @throws HisoError MODEL_UNSUPPORTED, MODEL_NOT_FOUND
 */
export function selectModel(
  files: readonly RemoteFile[],
  subject: string,
  wanted?: string,
): ModelSelection {
  const names = files.map(({ name }) => name)
  const graphs = names.filter((name) => name.endsWith('.onnx'))
  if (graphs.length === 0) {
    const weights = names.filter((name) => /\.(safetensors|bin|gguf|msgpack|h5|pt)$/.test(name))
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: subject,
      what: `it holds no ONNX file${weights.length === 0 ? '' : ` (its weights are in ${list(weights)})`}`,
      remedy: `Look for an ONNX export of it on the hub (the organisation onnx-community has many), or make one: optimum-cli export onnx --model ${subject.split(' ').at(-1)!} FOLDER`,
    })
  }
  const graph = wanted ?? decoderFiles.find((name) => names.includes(name))
  if (graph === undefined || !graphs.includes(graph))
    throw new HisoError('MODEL_NOT_FOUND', {
      where: subject,
      what:
        wanted === undefined
          ? 'none of its ONNX files has the name of a decoder in full precision without a cache'
          : `it holds no ${wanted}`,
      remedy: `Choose one with --file: ${list(graphs)}`,
    })
  const data = new RegExp(`^${graph.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[._]data([._]\\d+)?$`)
  const chosen = files.filter(
    ({ name }) => name === graph || data.test(name) || companions.has(name),
  )
  return { files: chosen, graph, inside: wanted === undefined ? '' : graph }
}

export interface DatasetSelection extends Selection {
  /** The folder (or the file) with the examples. */
  readonly inside: string
}

const table = /\.(parquet|jsonl|ndjson|csv|tsv)(\.gz)?$/
const formats = ['parquet', 'jsonl', 'ndjson', 'csv', 'tsv']

/**
 * Names of the parts of a dataset, each with the names that we accept for it, best first. A hidden
 * test set is of no use here.
 */
const trainNames = ['train']
const testNames = ['validation', 'valid', 'dev', 'test']

/**
 * The training and the test rows of one configuration. Prefers validation rows, as the test sets of
 * public benchmarks come without labels.
 *
 * @param wanted the configuration (a folder), if there are several
 * @throws HisoError DATA_INVALID, DATA_NOT_FOUND
 */
export function selectDataset(
  files: readonly RemoteFile[],
  subject: string,
  wanted?: string,
): DatasetSelection {
  const tables = files.filter(({ name }) => table.test(name))
  if (tables.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: subject,
      what: 'it holds no Parquet, JSON Lines, CSV or TSV file',
      remedy: 'Save it as Parquet (datasets: dataset.to_parquet) and give the folder',
    })
  const folders = new Map<string, Map<string, RemoteFile[]>>()
  for (const file of tables) {
    const place = placeOf(file.name)
    if (place === undefined) continue
    const parts = folders.get(place.folder) ?? new Map<string, RemoteFile[]>()
    folders.set(place.folder, parts)
    parts.set(place.part, [...(parts.get(place.part) ?? []), file])
  }
  const [only] = tables
  if (folders.size === 0 && wanted === undefined && tables.length === 1)
    return { files: tables, inside: only!.name }
  const folder = chooseFolder([...folders.keys()], wanted)
  if (folder === undefined)
    throw new HisoError('DATA_NOT_FOUND', {
      where: subject,
      what:
        folders.size === 0
          ? 'none of its files is called train'
          : wanted === undefined
            ? 'it comes in several configurations'
            : `it has no configuration ${wanted}`,
      remedy:
        folders.size === 0
          ? `Its files are ${list(tables.map(({ name }) => name))}`
          : `Choose one with --config: ${list([...folders.keys()].map(lastPart))}`,
    })
  const parts = folders.get(folder)!
  const find = (names: readonly string[]) =>
    names.flatMap((name) => (parts.has(name) ? [parts.get(name)!] : []))[0] ?? []
  const train = inOneFormat(find(trainNames))
  if (train.length > 0)
    return { files: [...train, ...inOneFormat(find(testNames))], inside: folder }
  throw new HisoError('DATA_INVALID', {
    where: subject,
    what: `it has no training rows, only ${[...parts.keys()].join(' and ')}`,
    remedy: 'Choose another dataset or configuration',
  })
}

/**
 * The configuration's folder and the part that a file belongs to:
 * `cola/train-00000-of-00001.parquet`, `default/train/0000.parquet`.
 */
function placeOf(name: string): { readonly folder: string; readonly part: string } | undefined {
  const parts = name.split('/')
  const known = [...trainNames, ...testNames]
  const file = parts.at(-1)!
  const own = known.find((part) => new RegExp(`^${part}[-_.]`).test(file))
  if (own !== undefined) return { folder: parts.slice(0, -1).join('/'), part: own }
  const parent = parts.at(-2)
  return parent !== undefined && known.includes(parent)
    ? { folder: parts.slice(0, -2).join('/'), part: parent }
    : undefined
}

function chooseFolder(folders: readonly string[], wanted: string | undefined): string | undefined {
  if (wanted !== undefined)
    return folders.find((folder) => folder === wanted || lastPart(folder) === wanted)
  if (folders.length === 1) return folders[0]
  return ['', 'data', 'default', 'plain_text'].find((folder) => folders.includes(folder))
}

/** A repository may hold the same rows in several formats. */
function inOneFormat(files: readonly RemoteFile[]): readonly RemoteFile[] {
  const format = formats.find((ending) =>
    files.some(({ name }) => new RegExp(`\\.${ending}(\\.gz)?$`).test(name)),
  )
  return files.filter(({ name }) => new RegExp(`\\.${format}(\\.gz)?$`).test(name))
}

const lastPart = (path: string) => path.split('/').at(-1)!

function list(names: readonly string[]): string {
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`
    : names.join(', ')
}
