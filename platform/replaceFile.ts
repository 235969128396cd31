/**
 * Replacing a file in one step: written beside it, brought to the disk, then renamed. The old
 * content or the new is there at any moment, also after a power cut.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readlink, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { HisoError } from '../core/base/index.ts'
import { codeOf } from './fileErrors.ts'

/** Drafts in a locked folder begin with this; the next process to lock it removes the leftovers. */
export const draftPrefix = '.draft-'

/** Links in a row that are followed, as the system has a limit. */
const mostLinks = 40

/**
 * Replaces a file where a person has asked for it. A link is followed: the file that it points to
 * is replaced; a pipe or a device is written to.
 */
export async function writeThere(path: string, bytes: Uint8Array): Promise<void> {
  const { path: target, isReplaced } = await destinationOf(path)
  if (isReplaced) return replaceBeside(target, bytes)
  const file = await open(target, constants.O_WRONLY)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

/** Where bytes go that a person wants at a path. */
export interface Destination {
  /** The path, or what it points to as a link. */
  readonly path: string
  /** Whether a file takes the place of what is there; a pipe or a device is written to. */
  readonly isReplaced: boolean
}

/** @throws HisoError FILE_UNWRITABLE for links in a circle */
export async function destinationOf(path: string): Promise<Destination> {
  const target = await targetOf(path)
  const found = await stat(target).catch(() => undefined)
  return {
    path: target,
    isReplaced: found === undefined || found.isFile() || found.isDirectory(),
  }
}

/** As `replaceOwn`, with a draft that a process which locks the folder meanwhile leaves alone. */
export function replaceBeside(path: string, bytes: Uint8Array): Promise<void> {
  return replaceFile(path, bytes, `${path}.${randomName()}.new`)
}

/** Replaces a file of a folder's own; what is in its place is replaced, whatever it is. */
export function replaceOwn(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  return replaceFile(join(folder, name), bytes, join(folder, `${draftPrefix}${randomName()}`))
}

async function replaceFile(path: string, bytes: Uint8Array, draft: string): Promise<void> {
  try {
    // Fails where anything is there already, a link too.
    const file = await open(draft, 'wx', 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') await rm(draft, { force: true })
    throw cause
  }
}

/** What a folder lists comes to the disk, where the system can be asked for that. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const listing = await open(folder, constants.O_RDONLY)
  try {
    await listing.sync()
  } catch (cause) {
    // Some file systems have no such thing.
    if (codeOf(cause) !== 'EINVAL' && codeOf(cause) !== 'ENOTSUP') throw cause
  } finally {
    await listing.close()
  }
}

async function targetOf(path: string): Promise<string> {
  let at = path
  for (let links = 0; links < mostLinks; links++) {
    const found = await lstat(at).catch(() => undefined)
    if (found?.isSymbolicLink() !== true) return at
    at = resolve(dirname(at), await readlink(at))
  }
  throw new HisoError('FILE_UNWRITABLE', {
    where: path,
    what: `${basename(path)} is a link that leads in a circle`,
    remedy: 'Remove it, or write to another file',
  })
}

/** Nobody can block a name that nobody can guess. */
function randomName(): string {
  return randomBytes(8).toString('hex')
}
