/**
 * Opening what is to be read, or added to, as a file: a regular one. A pipe or a device would be
 * waited for, or never end.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { HisoError } from '../core/base/index.ts'
import { codeOf } from './fileErrors.ts'

/** Whether a link may stand where the file is expected. */
export type Links = 'followed' | 'refused'

/** Windows has neither; there a link needs rights that files from elsewhere don't come with. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>

/** Opening a pipe that nobody writes to returns at once, and is then refused. */
const flagsFor = (links: Links) => O_NONBLOCK | (links === 'refused' ? O_NOFOLLOW : 0)

/** @throws HisoError FILE_UNREADABLE for what is no regular file, and whatever the system says */
export async function openToRead(path: string, links: Links): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | flagsFor(links)).catch((cause: unknown) => {
    throw (links === 'refused' ? refusedLink(path, cause) : undefined) ?? cause
  })
  try {
    const found = await file.stat()
    if (found.isFile()) return file
    // The system's own words for a folder.
    if (found.isDirectory()) await file.read(new Uint8Array(1), 0, 1, 0)
    throw noFile(path)
  } catch (cause) {
    await file.close()
    throw cause
  }
}

/**
 * Opens a file of a folder's own to add to its end, creating it if need be, after cutting it to
 * `length` bytes.
 * @throws HisoError FILE_UNWRITABLE for what is no regular file, and whatever the system says
 */
export function openToAppend(path: string, length: number): number {
  const { O_CREAT, O_WRONLY, O_APPEND } = constants
  let file: number
  try {
    file = openSync(path, O_CREAT | O_WRONLY | O_APPEND | flagsFor('refused'), 0o644)
  } catch (cause) {
    throw refusedLink(path, cause) ?? (codeOf(cause) === 'ENXIO' ? noFile(path) : cause)
  }
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw noFile(path)
    if (found.size > length) ftruncateSync(file, length)
    return file
  } catch (cause) {
    closeSync(file)
    throw cause
  }
}

function refusedLink(path: string, cause: unknown): HisoError | undefined {
  if (codeOf(cause) !== 'ELOOP' && codeOf(cause) !== 'EMLINK') return undefined
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: 'this is a link, and the files of a run lie in its folder themselves',
    remedy: 'Put the file that it points to in its place',
    cause,
  })
}

function noFile(path: string): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: 'this is no regular file but a pipe, a socket or a device',
    remedy: 'Save what it gives to a file first',
  })
}
