/** Making folders, level by level. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf, unwritable } from './fileErrors.ts'

/**
 * Makes a folder and those above it. Node's recursive form says "no such file" of a read-only disk,
 * and never ends where the system says so of a folder that is there, as /proc does.
 * @throws HisoError FILE_UNWRITABLE
 */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    makeLevels(folder, mode)
  } catch (cause) {
    throw unwritable(folder, cause)
  }
}

function makeLevels(folder: string, mode: number): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  try {
    mkdirSync(folder, { mode })
  } catch (cause) {
    const above = dirname(folder)
    if (codeOf(cause) !== 'ENOENT' || above === folder) throw cause
    makeLevels(above, mode)
    makeLast(folder, mode)
  }
}

/** Another process may be faster. */
function makeLast(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode })
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause
  }
}
