/**
 * One writer per folder. The operating system decides, for its own lock is free as soon as its
 * holder has ended, however that was: on Linux and Windows an address made of the folder's identity
 * that only one process can listen at, on macOS and BSD a lock on the folder. Beside it `.lock`
 * names the holder, for people and for other machines that share the folder.
 */
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { HisoError } from '../core/base/index.ts'
import { codeOf } from './fileErrors.ts'
import { draftPrefix } from './replaceFile.ts'

const lockName = '.lock'

/** Larger ones are not ours. */
const largestLockBytes = 4096

export interface FolderLock {
  release(): void
}

/**
 * Takes a folder; over from a holder that has ended, if need be. @throws HisoError RUN_LOCKED, and
 * whatever the system says
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, lockName)
  const lock = await lockBySystem(folder)
  if (lock === 'held') throw isLocked(folder, path, readHolder(path))
  try {
    const holder = readHolder(path)
    if (holder !== undefined && isAlive(holder)) throw isLocked(folder, path, holder)
    removeEnded(folder, path, holder)
    writeHolder(folder, path)
  } catch (cause) {
    lock?.close()
    throw cause
  }
  return {
    release() {
      removeIfThere(path)
      lock?.close()
    },
  }
}

/** Whether a living process holds the folder's lock. */
export function isFolderTaken(folder: string): boolean {
  const holder = readHolder(join(folder, lockName))
  return holder !== undefined && isAlive(holder)
}

/**
 * The operating system's own lock. @returns undefined where it has none that works here: then
 * `.lock` alone decides
 */
async function lockBySystem(folder: string): Promise<{ close(): void } | 'held' | undefined> {
  const { dev, ino } = statSync(folder, { bigint: true })
  const name = `hiso-${dev.toString(36)}-${ino.toString(36)}`
  switch (process.platform) {
    case 'linux':
      return (await hasAbstractNames()) ? listenAt(abstract(name)) : undefined
    case 'win32':
      return listenAt(`\\\\.\\pipe\\${name}`)
    case 'darwin':
    case 'freebsd':
      return lockOpened(folder)
    default:
      return undefined
  }
}

/** The zero byte makes it an address that is no file. */
const abstract = (name: string): string => `\0${name}`

let abstractNames: Promise<boolean> | undefined

/**
 * Whether different names are different addresses here. Up to libuv 1.45, which Electron 25 has,
 * every name that begins with a zero byte is the empty one, and would lock all folders at once.
 */
const hasAbstractNames = (): Promise<boolean> => (abstractNames ??= tryAbstractNames())

async function tryAbstractNames(): Promise<boolean> {
  const names = [0, 1].map(() => abstract(`hiso-try-${randomBytes(16).toString('hex')}`))
  const locks = await Promise.all(names.map(listenAt))
  for (const lock of locks) if (typeof lock === 'object') lock.close()
  return locks.every((lock) => typeof lock === 'object')
}

async function listenAt(address: string): Promise<{ close(): void } | 'held' | undefined> {
  const server = createServer((visitor) => visitor.destroy())
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ path: address, exclusive: true }, resolve)
    })
  } catch (cause) {
    return codeOf(cause) === 'EADDRINUSE' ? 'held' : undefined
  }
  server.unref()
  return server
}

/** `O_EXLOCK` of these systems, which Node has no name for. */
const exclusively = 0x20

function lockOpened(folder: string): { close(): void } | 'held' | undefined {
  try {
    const file = openSync(folder, constants.O_RDONLY | constants.O_NONBLOCK | exclusively)
    return { close: () => closeSync(file) }
  } catch (cause) {
    return codeOf(cause) === 'EAGAIN' ? 'held' : undefined
  }
}

/**
 * Makes `.lock`, which is whole from the start: written elsewhere, then linked. Linking fails if
 * another process was faster.
 */
function writeHolder(folder: string, path: string): void {
  const draft = join(folder, `${draftPrefix}${randomBytes(8).toString('hex')}`)
  try {
    write(draft)
    try {
      linkSync(draft, path)
    } catch (cause) {
      if (!hasNoLinks.has(codeOf(cause) ?? '')) throw cause
      write(path)
    }
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST' ? isLocked(folder, path, readHolder(path)) : cause
  } finally {
    removeIfThere(draft)
  }
}

/** What file systems say that know no second name for a file. */
const hasNoLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function write(path: string): void {
  const file = openSync(path, 'wx', 0o644)
  try {
    const { pid } = process
    writeSync(file, JSON.stringify({ pid, host: hostname(), started: startOf(pid) }))
  } finally {
    closeSync(file)
  }
}

/**
 * Removes the file of a holder that has ended. It is moved aside first: were it another's by now,
 * it is put back.
 */
function removeEnded(folder: string, path: string, ended: Holder | undefined): void {
  const aside = join(folder, `${draftPrefix}${randomBytes(8).toString('hex')}`)
  try {
    renameSync(path, aside)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return
    throw cause
  }
  const moved = readHolder(aside)
  const isOurs = JSON.stringify(moved) === JSON.stringify(ended)
  try {
    if (!isOurs) linkSync(aside, path)
  } finally {
    removeIfThere(aside)
  }
  if (!isOurs) throw isLocked(folder, path, moved)
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly started: string | undefined
}

function readHolder(path: string): Holder | undefined {
  try {
    const found = lstatSync(path)
    if (!found.isFile() || found.size > largestLockBytes) return undefined
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null
    if (typeof read?.pid !== 'number' || typeof read.host !== 'string') return undefined
    return { pid: read.pid, host: read.host, started: read.started }
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
 * When a process started, if the system says so: a later process may have the same id. Undefined
 * for one that has ended and was never asked about.
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

function isLocked(folder: string, path: string, holder: Holder | undefined): HisoError {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`
  // A process of this machine is known to live, and its lock goes with it: nothing is to be
  // deleted.
  const isHere = holder?.host === hostname()
  return new HisoError('RUN_LOCKED', {
    where: folder,
    what: `${who} is working on this run`,
    remedy: isHere
      ? 'Wait until it is done, or stop it'
      : `Wait until it is done or stop it; if it is certainly gone, delete ${path}`,
  })
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
  }
}
