/** Runs commands: their output straight through, or held where they run side by side. */
import { spawn, spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './root.mjs'

const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)

const options = {
  cwd: root,
  env: { ...process.env, PATH: path },
  shell: process.platform === 'win32',
}

/** @returns the exit code of a program, found in node_modules/.bin too */
export function runStep(command, args) {
  const { status, error } = spawnSync(command, args, { ...options, stdio: 'inherit' })
  if (error !== undefined) throw error
  return status ?? 1
}

/** @returns {Promise<{ status: number, output: string }>} of a program that runs beside others */
export function runHeld(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => (output += text))
    }
    child.on('error', reject)
    child.on('close', (status) => resolve({ status: status ?? 1, output }))
  })
}
