/**
 * `Files` and `Folder` on Node: atomic replacement, appending that survives kill -9, and one writer
 * per folder.
 */
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, gunzip } from 'node:zlib'
import { HisoError, messageOf, type Appender, type Files, type Folder } from '../core/base/index.ts'
import { hubCacheOf } from './hubSettings.ts'

const inflate = promisify(gunzip)
const lockName = '.lock'
/** Of a file that is read in pieces. */
const PIECE_BYTES = 2 ** 20

/** @param downloads the folder that the hub's cache is in */
export function createNodeFiles(resources: string, downloads = hubCacheOf(process.env)): Files {
  return {
    resources,
    downloads,
    join,
    async read(path) {
      try {
        return asUint8Array(await readFile(path))
      } catch (cause) {
        throw unreadable(path, cause)
      }
    },
    async *pieces(path) {
      try {
        for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }))
          yield asUint8Array(piece as Buffer)
      } catch (cause) {
        throw unreadable(path, cause)
      }
    },
    async size(path) {
      try {
        return (await stat(path)).size
      } catch (cause) {
        throw unreadable(path, cause)
      }
    },
    async part(path, start, end) {
      try {
        const file = await open(path)
        try {
          const bytes = new Uint8Array(end - start)
          const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
          return bytes.subarray(0, bytesRead)
        } finally {
          await file.close()
        }
      } catch (cause) {
        throw unreadable(path, cause)
      }
    },
    async kind(path) {
      try {
        const found = await stat(path)
        return found.isDirectory() ? 'folder' : 'file'
      } catch {
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
    write: replaceFile,
    async isTaken(folder) {
      const holder = readHolder(join(folder, lockName))
      return holder !== undefined && isAlive(holder)
    },
    async take(folder) {
      await writing(folder, () => makeFolder(folder))
      lock(folder)
      return new NodeFolder(folder)
    },
  }
}

class NodeFolder implements Folder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return asUint8Array(await readFile(join(this.path, name)))
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined
      throw unreadable(join(this.path, name), cause)
    }
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return replaceFile(join(this.path, name), bytes)
  }

  appendTo(name: string, length: number): Promise<Appender> {
    const path = join(this.path, name)
    return writing(path, () => {
      const file = openSync(
        path,
        constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND,
        0o644,
      )
      if (fstatSync(file).size > length) ftruncateSync(file, length)
      return new NodeAppender(path, file)
    })
  }

  async release(): Promise<void> {
    await rm(join(this.path, lockName), { force: true })
  }
}

/**
 * Makes a folder and those above it. Level by level: for a read-only disk Node's recursive form
 * says "no such file".
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return
    if (codeOf(cause) !== 'ENOENT') throw cause
    await makeFolder(dirname(folder))
    await mkdir(folder)
  }
}

/** Writes beside the file, then renames: the old content or the new is there at any moment. */
function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  return writing(path, async () => {
    const draft = `${path}.new`
    try {
      const file = await open(draft, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
    } catch (cause) {
      await rm(draft, { force: true })
      throw cause
    }
  })
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

  close(): Promise<void> {
    return writing(this.#path, () => {
      fsyncSync(this.#file)
      closeSync(this.#file)
    })
  }
}

/**
 * Takes the folder's lock file, over from a dead holder if need be. @throws HisoError RUN_LOCKED
 */
function lock(folder: string): void {
  const path = join(folder, lockName)
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, 'wx')
      writeSync(
        file,
        JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) }),
      )
      closeSync(file)
      return
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST' || attempt === 8) throw unwritable(folder, cause)
      const holder = readHolder(path)
      if (holder !== undefined && isAlive(holder))
        throw new HisoError('RUN_LOCKED', {
          where: folder,
          what: `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`} is working on this run`,
          remedy: `Wait until it is done or stop it; if it is certainly gone, delete ${path}`,
        })
      removeIfThere(path)
    }
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly started: string | undefined
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** A holder on another machine can't be asked, and counts as alive. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
  return started === undefined || started === startOf(pid)
}

/**
 * When a process started, where the system tells: a later process may have been given the same id.
 * Undefined for one that has ended and that nobody has asked about yet.
 */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')')).split(' ')
    return fields[1] === 'Z' ? undefined : fields[20]
  } catch {
    return undefined
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
  }
}

/** Does `work`; whatever goes wrong is told of the file. @throws HisoError FILE_UNWRITABLE */
export async function writing<Result>(
  path: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

const remedies: Record<string, string> = {
  ENOSPC: 'The disk is full: make room, then resume the run',
  EDQUOT: 'Your disk quota is used up: make room, then resume the run',
  EROFS: 'The disk is read-only: choose another folder with --out',
  EACCES: 'You may not write there: choose another folder with --out, or change its permissions',
  EPERM: 'You may not write there: choose another folder with --out, or change its permissions',
}

function unreadable(path: string, cause: unknown): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: `it can't be read (${reasonOf(cause)})`,
    cause,
  })
}

function brokenGzip(cause: unknown): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    what: `the gzip data is broken (${messageOf(cause)})`,
    cause,
  })
}

export function unwritable(path: string, cause: unknown): HisoError {
  const remedy = remedies[codeOf(cause) ?? '']
  return new HisoError('FILE_UNWRITABLE', {
    where: path,
    what: `it can't be written (${reasonOf(cause)})`,
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code
}

/** "ENOSPC: no space left on device, write" → "no space left on device" */
function reasonOf(cause: unknown): string {
  return messageOf(cause)
    .replace(/^[A-Z]+: /, '')
    .replace(/, \w+( '.*')?$/, '')
}

function asUint8Array(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
