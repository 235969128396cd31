/**
 * Whether the folder of the app's settings can be used: without it Chromium ends without a word.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** @returns why not, in a sentence that names the folder; undefined where all is well */
export function settingsFolderProblem(folder: string): string | undefined {
  const probe = join(folder, `.write-test-${randomBytes(8).toString('hex')}`)
  try {
    makeFolder(folder)
    writeFileSync(probe, '', { flag: 'wx' })
    rmSync(probe)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `The settings folder ${folder} can't be written (${reason}). Make it writable, or name another one: --user-data-dir=FOLDER`
  }
}

/**
 * Makes a folder and those above it. Node's recursive form never ends where the system says "no
 * such file" of a folder that is there, as /proc does.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder))
  mkdirSync(folder)
}
