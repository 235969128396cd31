/** Finds the files behind the name or path in `task.dataset`. */
import { HisoError, type Files } from '../../base/index.ts'
import { suggestion } from '../../config/index.ts'
import { findDownloaded, isHubReference } from '../../hub/index.ts'
import { listBundledTexts } from './bundledTexts.ts'
import { readBatches, readTable } from './readTable.ts'
import type { TextTable } from './table.ts'

/** One source of rows, or one for training and one for test. */
export interface Tables {
  readonly title: string
  readonly tables: readonly [TableSource] | readonly [TableSource, TableSource]
}

/** Rows in one or several files of one form. Reads nothing until asked. */
export interface TableSource {
  /** The first rows of the first file. @throws HisoError as `readTable` */
  first(atMost: number): Promise<TextTable>
  /**
   * All rows, as consecutive tables; from the start each time. @throws HisoError as `readBatches`
   */
  batches(): AsyncIterable<TextTable>
}

/**
 * @param dataset a bundled set of texts, a download (`hf:owner/name`), or the path of a file or
 *   folder
 * @throws HisoError DATA_NOT_FOUND, HUB_NOT_DOWNLOADED, FILE_UNREADABLE
 */
export async function openTables(dataset: string, files: Files): Promise<Tables> {
  if (isHubReference(dataset)) {
    const path = await findDownloaded(dataset, 'dataset', files)
    return {
      ...(await openPath(path, files))!,
      title: dataset.slice(dataset.indexOf(':') + 1),
    }
  }
  const bundled = await listBundledTexts(files)
  const own = bundled.find(({ name }) => name === dataset)
  if (own !== undefined)
    return { ...(await openFolder(own.folder, files)), title: own.metadata.title }
  const opened = await openPath(dataset, files)
  if (opened !== undefined) return opened
  const names = bundled.map(({ name }) => name)
  const near = suggestion(dataset, names)
  throw new HisoError('DATA_NOT_FOUND', {
    where: 'task.dataset',
    what: `"${dataset}" is neither a bundled set of texts nor a file or folder`,
    remedy: `${near === undefined ? 'Put it back, or give' : `Did you mean ${near}? Give`} the path of a JSON Lines, CSV, TSV or Parquet file, of a folder with train and test files, hf:owner/name for a download, or one of ${names.join(', ')}`,
  })
}

/** @returns undefined if nothing is there */
async function openPath(path: string, files: Files): Promise<Tables | undefined> {
  switch (await files.kind(path)) {
    case 'folder':
      return openFolder(path, files)
    case 'file':
      return { title: lastPart(path), tables: [sourceOf([path], files)] }
    case undefined:
      return undefined
  }
}

const lastPart = (path: string) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path

const ending = /\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz)?$/

async function openFolder(folder: string, files: Files): Promise<Tables> {
  const train = await findPart(folder, ['train'], files)
  const test = await findPart(folder, ['test', 'validation', 'valid', 'dev'], files)
  if (train === undefined || test === undefined)
    throw new HisoError('DATA_NOT_FOUND', {
      where: folder,
      what: `there is no ${train === undefined ? 'train' : 'test or validation'} file in the folder`,
      remedy:
        'Name the files train.jsonl and test.jsonl (or .csv, .tsv, .parquet), or give one file, of which a share is held out',
    })
  return {
    title: lastPart(folder),
    tables: [sourceOf(train, files), sourceOf(test, files)],
  }
}

/**
 * The files of a part: `train.jsonl`, the shards `train-00000-of-00002.parquet` and so on, or all
 * tables in a folder `train/`.
 * @returns paths, or undefined if there is none
 */
async function findPart(
  folder: string,
  names: readonly string[],
  files: Files,
): Promise<readonly string[] | undefined> {
  const inside = await files.list(folder)
  for (const name of names) {
    const own = inside.filter((it) => new RegExp(`^${name}[-._]`).test(it) && ending.test(it))
    const shards = own.filter((it) => /-\d+-of-\d+\./.test(it))
    const chosen = shards.length > 0 ? shards : own.slice(0, 1)
    if (chosen.length > 0) return chosen.map((it) => files.join(folder, it))
    const below = files.join(folder, name)
    if (!inside.includes(name) || (await files.kind(below)) !== 'folder') continue
    const tables = (await files.list(below)).filter((it) => ending.test(it))
    if (tables.length > 0) return tables.map((it) => files.join(below, it))
  }
  return undefined
}

/** @param paths at least one */
function sourceOf(paths: readonly string[], files: Files): TableSource {
  return {
    first: (atMost) => readTable(paths[0]!, files, atMost),
    async *batches() {
      for (const path of paths) yield* readBatches(path, files)
    },
  }
}
