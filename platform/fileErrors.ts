/** What the system says of a file, as errors for people. */
import { HisoError, messageOf } from '../core/base/index.ts'

const remedies: Record<string, string> = {
  ENOSPC:
    'The disk is full: make room, then do it again; a run that has played rounds goes on with hiso resume',
  EDQUOT:
    'Your disk quota is used up: make room, then do it again; a run that has played rounds goes on with hiso resume',
  EROFS: 'The disk is read-only: choose another place, or copy what is there to one',
  EACCES:
    'You may not write there: change its permissions, choose another place, or work with a copy',
  ENOENT: 'Its folder is not there: create it, or choose another',
  ENOTDIR: 'A part of its path is a file: choose another path',
  EISDIR: 'It is a folder: give the path of a file',
  ENAMETOOLONG: 'Choose a shorter name',
  EPERM:
    'You may not write there: change its permissions, choose another place, or work with a copy',
  EEXIST: 'A file or a broken link stands there: choose another place, or move it away',
  ELOOP: 'It is a link that leads back to itself: choose another path',
  EIO: 'The disk does not work as it should: choose another one',
  EMFILE: 'Too many files are open: close other programs, or raise the limit (ulimit -n)',
}
const otherRemedy = 'Choose another place'

const readRemedies: Record<string, string> = {
  EISDIR: 'A folder stands where a file belongs: move it away, or give the path of a file',
  ENOTDIR: 'A part of its path is a file: check the path',
  EACCES: 'You may not read it: change its permissions, or copy it to where you may',
  EPERM: 'You may not read it: change its permissions, or copy it to where you may',
  ELOOP: 'It is a link that leads back to itself: give the path of a file',
  ENAMETOOLONG: 'No file has such a long name: check the path',
  EIO: 'The disk does not work as it should: restore the file from a copy',
  EMFILE: remedies['EMFILE']!,
}

export function unreadable(path: string, cause: unknown): HisoError {
  if (cause instanceof HisoError) return cause
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: `it can't be read (${reasonOf(cause)})`,
    remedy: readRemedies[codeOf(cause) ?? ''] ?? 'Check that it is there, and that you may read it',
    cause,
  })
}

export function unwritable(path: string, cause: unknown): HisoError {
  if (cause instanceof HisoError) return cause
  return new HisoError('FILE_UNWRITABLE', {
    where: path,
    what: `it can't be written (${reasonOf(cause)})`,
    remedy: remedies[codeOf(cause) ?? ''] ?? otherRemedy,
    cause,
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
