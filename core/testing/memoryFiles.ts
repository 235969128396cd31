/**
 * A host for tests whose files are in memory: paths are joined with slashes, folders exist as far
 * as files need them.
 */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import {
  HisoError,
  type Cache,
  type Digest,
  type Files,
  type Folder,
  type Host,
  type OwnFiles,
} from '../base/index.ts'

type Entries = Readonly<Record<string, Uint8Array | string>>

/** Counts what is written, so that every write gives a file another stamp. */
class Contents extends Map<string, Uint8Array> {
  readonly #stamps = new Map<string, number>()

  override set(path: string, bytes: Uint8Array): this {
    this.#stamps.set(path, (this.#stamps.get(path) ?? 0) + 1)
    return super.set(path, bytes)
  }

  stampOf(path: string): string {
    return this.has(path) ? `${this.#stamps.get(path)}` : '-'
  }
}

/** @param entries content by path; text becomes UTF-8 */
export function memoryFiles(entries: Entries = {}): Files {
  const contents = new Contents()
  for (const [path, content] of Object.entries(entries))
    contents.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  const taken = new Set<string>()

  const own = (path: string): OwnFiles => ({
    path,
    read: async (name) => contents.get(`${path}/${name}`)?.slice(),
    size: async (name) => contents.get(`${path}/${name}`)?.length,
    part: async (name, start, end) => read(`${path}/${name}`).slice(start, end),
  })

  const takeFolder = (path: string): Folder => {
    if (taken.has(path))
      throw new HisoError('RUN_LOCKED', { where: path, what: 'another process writes to it' })
    taken.add(path)
    return {
      ...own(path),
      write: async (name, bytes) => void contents.set(`${path}/${name}`, bytes.slice()),
      appendTo: async (name, length) => {
        const file = `${path}/${name}`
        contents.set(file, contents.get(file)?.slice(0, length) ?? new Uint8Array(0))
        return {
          append(bytes) {
            const before = contents.get(file)!
            const after = new Uint8Array(before.length + bytes.length)
            after.set(before)
            after.set(bytes, before.length)
            contents.set(file, after)
          },
          sync: async () => {},
          close: async () => {},
        }
      },
      sync: async () => {},
      release: async () => void taken.delete(path),
      discard: async () => {
        for (const file of [...contents.keys()])
          if (file.startsWith(`${path}/`)) contents.delete(file)
        taken.delete(path)
      },
    }
  }

  const read = (path: string): Uint8Array => {
    const content = contents.get(path)
    if (content === undefined)
      throw new HisoError('FILE_UNREADABLE', { where: path, what: 'there is no such file' })
    return content.slice()
  }

  return {
    resources: 'resources',
    downloads: 'downloads',
    join: (...parts) => parts.join('/'),
    read: async (path) => read(path),
    async *pieces(path) {
      yield read(path)
    },
    size: async (path) => read(path).length,
    part: async (path, start, end) => read(path).slice(start, end),
    async kind(path) {
      if (contents.has(path)) return 'file'
      return [...contents.keys()].some((file) => file.startsWith(`${path}/`)) ? 'folder' : undefined
    },
    async list(folder) {
      const inside = [...contents.keys()].filter((path) => path.startsWith(`${folder}/`))
      const names = inside.map((path) => path.slice(folder.length + 1).split('/')[0]!)
      return [...new Set(names)].sort()
    },
    gunzip: async (bytes) => unpack(bytes),
    async *gunzipPieces(pieces) {
      const packed: Uint8Array[] = []
      for await (const piece of pieces) packed.push(piece)
      yield unpack(Buffer.concat(packed))
    },
    own,
    write: async (path, bytes) => void contents.set(path, bytes.slice()),
    writeOwn: async (folder, name, bytes) => void contents.set(`${folder}/${name}`, bytes.slice()),
    stamp: async (paths) => paths.map((path) => contents.stampOf(path)).join(),
    isTaken: async (folder) => taken.has(folder),
    take: async (folder) => takeFolder(folder),
  }
}

function unpack(bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(bytes))
  } catch (cause) {
    throw new HisoError('FILE_UNREADABLE', { what: 'the gzip data is damaged', cause })
  }
}

function memoryCache(): Cache {
  const entries = new Map<string, Uint8Array>()
  return {
    read: async (name) => entries.get(name)?.slice(),
    write: async (name, bytes) => void entries.set(name, bytes.slice()),
    names: async (prefix) => [...entries.keys()].filter((name) => name.startsWith(prefix)),
    async forget(prefix) {
      for (const name of [...entries.keys()]) if (name.startsWith(prefix)) entries.delete(name)
    },
  }
}

/**
 * A host in memory whose clock stands still.
 *
 * @param entries see `memoryFiles`
 */
export function memoryHost(entries: Entries = {}): Host {
  return {
    files: memoryFiles(entries),
    cache: memoryCache(),
    states: memoryCache(),
    sha256,
    now: () => 0,
    timestamp: () => '2026-01-01T00:00:00.000Z',
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

export function sha256(): Digest {
  const hash = createHash('sha256')
  const digest: Digest = {
    update(bytes) {
      hash.update(bytes)
      return digest
    },
    hex: () => hash.digest('hex'),
  }
  return digest
}
