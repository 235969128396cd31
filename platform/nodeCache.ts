/**
 * What can be made again, as files in the user's cache folder, not beside the user's own files:
 * nobody else writes there, and a library may lie on a disk that is read only. A build of the
 * program reads only what the same build has written.
 */
import { statSync } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cache } from '../core/base/index.ts'
import { makeFolder } from './makeFolder.ts'
import { openToRead } from './regularFile.ts'
import { replaceOwn } from './replaceFile.ts'

/** What is beyond is removed, first what was written longest ago. */
interface CacheRoom {
  readonly files: number
  readonly bytes: number
}

const usualRoom: CacheRoom = { files: 32, bytes: 256 * 2 ** 20 }
/** Several runs' trails. */
const stateRoom: CacheRoom = { files: 1024, bytes: 512 * 2 ** 20 }

function cacheFolderOf(
  env: Readonly<Record<string, string | undefined>>,
  kind: 'made' | 'states',
): string {
  return resolve(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hiso-studio', kind)
}

/** @param build of the program: see `buildOf` */
export function createNodeCache(
  build: string,
  folder = cacheFolderOf(process.env, 'made'),
  room = usualRoom,
): Cache {
  const own = `${build}-`
  // A link could lead to files of the user, which `removeOldest` would take for its own.
  const isElsewhere = async () =>
    (await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true
  const present = async (prefix: string) =>
    (await isElsewhere())
      ? []
      : (await readdir(folder).catch(() => [])).filter((file) => file.startsWith(own + prefix))
  return {
    read: (name) => readRegular(join(folder, own + name), room.bytes).catch(() => undefined),
    async write(name, bytes) {
      if (await isElsewhere()) return
      try {
        makeFolder(folder, 0o700)
        await replaceOwn(folder, own + name, bytes)
        await removeOldest(folder, room)
      } catch {
        // A full disk, or one that is read only: it is made again the next time.
      }
    },
    names: async (prefix) => (await present(prefix)).map((file) => file.slice(own.length)),
    async forget(prefix) {
      const gone = (await present(prefix)).map((file) => rm(join(folder, file), { force: true }))
      await Promise.allSettled(gone)
    },
  }
}

/** @param build of the program: see `buildOf` */
export function createStateCache(build: string): Cache {
  return createNodeCache(build, cacheFolderOf(process.env, 'states'), stateRoom)
}

/** Nothing else was ever written there; whoever put a link in its place is not followed. */
async function readRegular(path: string, mostBytes: number): Promise<Uint8Array | undefined> {
  const file = await openToRead(path, 'refused')
  try {
    if ((await file.stat()).size > mostBytes) return undefined
    const bytes = await file.readFile()
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } finally {
    await file.close()
  }
}

/** Tells builds of one version apart, by the time of the script that this is a part of. */
export function buildOf(version: string): string {
  const found = statSync(fileURLToPath(import.meta.url), { throwIfNoEntry: false })
  return `${version}-${Math.round(found?.mtimeMs ?? 0).toString(36)}`
}

async function removeOldest(folder: string, room: CacheRoom): Promise<void> {
  const names = await readdir(folder)
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      // Another process may have removed it meanwhile.
      const entry = await lstat(path).catch(() => undefined)
      if (entry === undefined || entry.isDirectory()) return []
      return [{ path, written: entry.mtimeMs, size: entry.size }]
    }),
  )
  const files = found.flat()
  files.sort((a, b) => b.written - a.written)
  let bytes = 0
  const gone = files.filter(({ size }, at) => (bytes += size) > room.bytes || at >= room.files)
  await Promise.all(gone.map(({ path }) => rm(path, { force: true })))
}
