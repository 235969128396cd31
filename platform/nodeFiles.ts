/**
 * `Files` and `Folder` on Node: atomic replacement, appending that survives kill -9, and one writer
 * per folder.
 */
import { closeSync, fsync, fsyncSync, statSync, writeSync } from 'node:fs'
import { readdir, rm, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, gunzip } from 'node:zlib'
import {
  HisoError,
  messageOf,
  type Appender,
  type Files,
  type Folder,
  type OwnFiles,
} from '../core/base/index.ts'
import { codeOf, reasonOf, unreadable, unwritable, writing } from './fileErrors.ts'
import { isFolderTaken, lockFolder, type FolderLock } from './folderLock.ts'
import { hubCacheOf } from './hubSettings.ts'
import { openToAppend, openToRead, type Links } from './regularFile.ts'
import { makeFolder } from './makeFolder.ts'
import { draftPrefix, replaceBeside, replaceOwn, syncFolder, writeThere } from './replaceFile.ts'

const inflate = promisify(gunzip)
const toDisk = promisify(fsync)
/** Of a file that is read in pieces. */
const PIECE_BYTES = 2 ** 20

/** @param downloads the folder that the hub's cache is in */
export function createNodeFiles(resources: string, downloads = hubCacheOf(process.env)): Files {
  return {
    resources,
    downloads,
    join,
    read: (path) => reading(path, 'followed', (file) => file.readFile()),
    async *pieces(path) {
      try {
        const file = await openToRead(path, 'followed')
        for await (const piece of file.createReadStream({ highWaterMark: PIECE_BYTES }))
          yield asUint8Array(piece as Buffer)
      } catch (cause) {
        throw unreadable(path, cause)
      }
    },
    size: (path) => reading(path, 'followed', sizeOf),
    part: (path, start, end) => reading(path, 'followed', (file) => partOf(file, start, end)),
    async kind(path) {
      try {
        const found = await stat(path)
        return found.isDirectory() ? 'folder' : 'file'
      } catch (cause) {
        // What may not be looked at may be there.
        if (['EACCES', 'EPERM'].includes(codeOf(cause) ?? '')) throw unreadable(path, cause)
        return undefined
      }
    },
    async list(folder) {
      try {
        return (await readdir(folder)).sort((a, b) => (a < b ? -1 : 1))
      } catch (cause) {
        throw new HisoError('FILE_UNREADABLE', {
          where: folder,
          what: `it can't be listed (${reasonOf(cause)})`,
          remedy: 'Check that it is a folder, and that you may read it',
          cause,
        })
      }
    },
    async gunzip(bytes) {
      try {
        return asUint8Array(await inflate(bytes))
      } catch (cause) {
        throw brokenGzip(cause)
      }
    },
    async *gunzipPieces(pieces) {
      const unpacked = createGunzip({ chunkSize: PIECE_BYTES })
      const ended = pipeline(Readable.from(pieces), unpacked)
      // The loop below tells it.
      ended.catch(() => undefined)
      try {
        for await (const piece of unpacked) yield asUint8Array(piece as Buffer)
      } catch (cause) {
        throw cause instanceof HisoError ? cause : brokenGzip(cause)
      }
    },
    own: (folder) => new NodeOwnFiles(folder),
    write: (path, bytes) => writing(path, () => writeThere(path, bytes)),
    writeOwn: (folder, name, bytes) =>
      writing(join(folder, name), () => replaceBeside(join(folder, name), bytes)),
    stamp: (paths) => Promise.resolve(stampOf(paths)),
    isTaken: (folder) => Promise.resolve(isFolderTaken(folder)),
    take: (folder) =>
      writing(folder, async () => {
        const isNew = statSync(folder, { throwIfNoEntry: false }) === undefined
        makeFolder(folder)
        const lock = await lockFolder(folder).catch(async (cause: unknown) => {
          // The disk may have had room for the folder alone. Only an empty one goes.
          if (isNew) await rmdir(folder).catch(() => undefined)
          throw cause
        })
        await removeDrafts(folder)
        return new NodeFolder(folder, lock)
      }),
  }
}

/** Those of a process that died while it replaced a file. */
async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(draftPrefix))
  await Promise.allSettled(drafts.map((name) => unlink(join(folder, name))))
}

/** Opens a regular file, and closes it again. @throws HisoError FILE_UNREADABLE */
async function reading<Result>(
  path: string,
  links: Links,
  read: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  try {
    const file = await openToRead(path, links)
    try {
      const result = await read(file)
      return Buffer.isBuffer(result) ? (asUint8Array(result) as Result) : result
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** The coarsest dates that a file system has, FAT's, are two seconds apart. */
const dateStepMs = 2000

/** Synchronous, which takes a tenth of the time: libraries have ten thousand runs. */
function stampOf(paths: readonly string[]): string | undefined {
  const newest = Date.now() - dateStepMs
  const stamps: string[] = []
  try {
    for (const path of paths) {
      const found = statSync(path, { throwIfNoEntry: false })
      if (found !== undefined && found.mtimeMs >= newest) return undefined
      stamps.push(found === undefined ? '-' : `${found.mtimeMs}:${found.size}:${found.ino}`)
    }
  } catch {
    return undefined
  }
  return stamps.join()
}

async function sizeOf(file: FileHandle): Promise<number> {
  return (await file.stat()).size
}

async function partOf(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
  return bytes.subarray(0, bytesRead)
}

class NodeOwnFiles implements OwnFiles {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#ifThere(name, (file) => file.readFile())
  }

  size(name: string): Promise<number | undefined> {
    return this.#ifThere(name, sizeOf)
  }

  part(name: string, start: number, end: number): Promise<Uint8Array> {
    return reading(join(this.path, name), 'refused', (file) => partOf(file, start, end))
  }

  async #ifThere<Result>(
    name: string,
    read: (file: FileHandle) => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await reading(join(this.path, name), 'refused', read)
    } catch (error) {
      const code = error instanceof HisoError ? codeOf(error.cause) : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw error
    }
  }
}

class NodeFolder extends NodeOwnFiles implements Folder {
  readonly #lock: FolderLock

  constructor(path: string, lock: FolderLock) {
    super(path)
    this.#lock = lock
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return writing(join(this.path, name), () => replaceOwn(this.path, name, bytes))
  }

  appendTo(name: string, length: number): Promise<Appender> {
    const path = join(this.path, name)
    return writing(path, () => new NodeAppender(path, openToAppend(path, length)))
  }

  sync(): Promise<void> {
    return writing(this.path, async () => {
      await syncFolder(this.path)
      await syncFolder(dirname(this.path))
    })
  }

  release(): Promise<void> {
    return writing(this.path, () => this.#lock.release())
  }

  discard(): Promise<void> {
    return writing(this.path, async () => {
      await rm(this.path, { recursive: true, force: true })
      this.#lock.release()
    })
  }
}

class NodeAppender implements Appender {
  readonly #path: string
  readonly #file: number

  constructor(path: string, file: number) {
    this.#path = path
    this.#file = file
  }

  append(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#file, bytes, written)
    } catch (cause) {
      throw unwritable(this.#path, cause)
    }
  }

  sync(): Promise<void> {
    return writing(this.#path, () => toDisk(this.#file))
  }

  close(): Promise<void> {
    return writing(this.#path, () => {
      fsyncSync(this.#file)
      closeSync(this.#file)
    })
  }
}

function brokenGzip(cause: unknown): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    what: `the gzip data is broken (${messageOf(cause)})`,
    remedy: 'Copy or download the file again',
    cause,
  })
}

function asUint8Array(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
