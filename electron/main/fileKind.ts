/** What a path leads to, as far as that is visible without understanding it. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { OpenedFile } from '../ipc/contract.ts'

/** A config is a page of text; what is larger was dropped by mistake. */
const largestConfigBytes = 1024 * 1024

/** Never throws: what is wrong with the path is the reason of an `other` file. */
export async function identify(path: string): Promise<OpenedFile> {
  try {
    const found = await stat(path)
    return found.isDirectory() ? await identifyFolder(path) : await identifyFile(path, found.size)
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return other(path, isGone ? 'it is not there any more' : 'it can’t be read')
  }
}

async function identifyFolder(path: string): Promise<OpenedFile> {
  if (await isRunFolder(path)) return { kind: 'runFolder', path }
  return { kind: (await isDecoder(path)) ? 'decoder' : 'dataset', path }
}

/** The files beside a decoder's graph, as exporters name them. */
const companions = ['config.json', 'tokenizer.json']

/** With an ONNX file beside its companions or in the folder `onnx`. */
async function isDecoder(path: string): Promise<boolean> {
  const names = await readdir(path)
  if (!companions.some((name) => names.includes(name))) return false
  const inside = names.includes('onnx') ? await readdir(join(path, 'onnx')).catch(() => []) : []
  return [...names, ...inside].some((name) => name.endsWith('.onnx'))
}

/** Beside the file, or one level up where graphs lie in the folder `onnx`. */
async function hasTokenizer(file: string): Promise<boolean> {
  for (const folder of [dirname(file), dirname(dirname(file))]) {
    const names = await readdir(folder)
    if (names.includes('tokenizer.json')) return true
  }
  return false
}

const textFile = /\.(jsonl|ndjson|tsv|parquet)(\.gz)?$/i

async function identifyFile(path: string, size: number): Promise<OpenedFile> {
  if (basename(path) === 'tokenizer.json') return { kind: 'tokenizer', path }
  if (textFile.test(path)) return { kind: 'texts', path }
  switch (extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
    case '.json':
      if (basename(path) === 'run.json') return other(path, 'open the folder that it lies in')
      if (size > largestConfigBytes) return other(path, 'it is too large to be a configuration')
      return { kind: 'config', path, text: await readFile(path, 'utf8') }
    case '.hiso':
      return { kind: 'runFile', path }
    case '.onnx':
      return { kind: (await hasTokenizer(path)) ? 'decoder' : 'model', path }
    case '.csv':
      return { kind: 'dataset', path }
    default:
      return other(
        path,
        'it is neither a configuration, a run, an ONNX model nor a table of texts or numbers',
      )
  }
}

function other(path: string, reason: string): OpenedFile {
  return { kind: 'other', path, reason }
}

/** A folder with a run.json that has a format number. */
export async function isRunFolder(path: string): Promise<boolean> {
  try {
    const { format } = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as {
      format?: unknown
    }
    return typeof format === 'number'
  } catch {
    return false
  }
}

export async function isRunFile(path: string): Promise<boolean> {
  try {
    return extname(path) === '.hiso' && (await stat(path)).isFile()
  } catch {
    return false
  }
}
