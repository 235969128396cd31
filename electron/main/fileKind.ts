/**
 * What main must know of a path by itself, since rights follow from it: which may be written again,
 * and which may go to the trash. What a file is for, the engine says (`recogniseFile`).
 */
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { readOwn } from './ownFile.ts'

export function isConfigName(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path)
}

/** A folder with a run.json that has a format number. */
export async function isRunFolder(path: string): Promise<boolean> {
  try {
    const { format } = JSON.parse(await readOwn(join(path, 'run.json'))) as {
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
