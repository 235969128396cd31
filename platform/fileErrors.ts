/** What the system says of a file, as errors for people. */
import { HisoError, messageOf } from '../core/base/index.ts'

const remedies: Record<string, string> = {
  ENOSPC: 'The disk is full: make room, then try again (a run goes on with hiso resume)',
  EDQUOT: 'Your disk quota is used up: make room, then try again (a run goes on with hiso resume)',
  EROFS: 'The disk is read-only: choose another folder with --out',
  EACCES: 'You may not write there: choose another folder with --out, or change its permissions',
  ENOENT: 'Its folder is not there: create it, or choose another',
  ENOTDIR: 'A part of its path is a file: choose another path',
  EISDIR: 'It is a folder: give the path of a file',
  ENAMETOOLONG: 'Choose a shorter name',
  EPERM: 'You may not write there: choose another folder with --out, or change its permissions',
}

export function unreadable(path: string, cause: unknown): HisoError {
  if (cause instanceof HisoError) return cause
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: `it can't be read (${reasonOf(cause)})`,
    remedy: 'Check that it is there, and that you may read it',
    cause,
  })
}

export function unwritable(path: string, cause: unknown): HisoError {
  if (cause instanceof HisoError) return cause
  const remedy = remedies[codeOf(cause) ?? '']
  return new HisoError('FILE_UNWRITABLE', {
    where: path,
    what: `it can't be written (${reasonOf(cause)})`,
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

/** Does `work`; what goes wrong names the file. @throws HisoError FILE_UNWRITABLE */
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

export function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code
}

/** "ENOSPC: no space left on device, write" → "no space left on device" */
export function reasonOf(cause: unknown): string {
  return messageOf(cause)
    .replace(/^[A-Z]+: /, '')
    .replace(/, \w+( '.*')?$/, '')
}
