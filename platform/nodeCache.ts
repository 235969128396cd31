/**
 * What can be made again, as files in the user's cache folder, not beside the user's own files:
 * nobody else writes there, and a library may lie on a disk that is read only. A build of the
 * program reads only what the same build has written.
 */
import { statSync } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cache } from '../core/base/index.ts'
import { makeFolder } from './makeFolder.ts'
import { replaceOwn } from './replaceFile.ts'

/** Files beyond this number are removed, those first that were written longest ago. */
const mostFiles = 32

function cacheFolderOf(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hiso-studio', 'made')
}

/** @param version of the program */
export function createNodeCache(version: string, folder = cacheFolderOf(process.env)): Cache {
  const fileOf = (name: string) => `${version}-${buildTime()}-${name}`
  return {
    read: async (name) => {
      const bytes = await readFile(join(folder, fileOf(name))).catch(() => undefined)
      return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    async write(name, bytes) {
      try {
        makeFolder(folder, 0o700)
        await replaceOwn(folder, fileOf(name), bytes)
        await removeOldest(folder)
      } catch {
        // A full disk, or one that is read only: it is made again the next time.
      }
    },
  }
}

/** Tells builds of one version apart. */
function buildTime(): string {
  const found = statSync(fileURLToPath(import.meta.url), { throwIfNoEntry: false })
  return Math.round(found?.mtimeMs ?? 0).toString(36)
}

async function removeOldest(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= mostFiles) return
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path, written: (await stat(path)).mtimeMs }
    }),
  )
  files.sort((a, b) => b.written - a.written)
  await Promise.all(files.slice(mostFiles).map(({ path }) => rm(path, { force: true })))
}
