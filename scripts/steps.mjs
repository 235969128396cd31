/** Runs commands one after the other, their output straight through. */
import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './root.mjs'

const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)

/** @returns the exit code of a program, found in node_modules/.bin too */
export function runStep(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  })
  if (error !== undefined) throw error
  return status ?? 1
}
