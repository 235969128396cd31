/** Before the first test: an Electron to run, and a display to run it on where there is none (Xvfb, as in CI). */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureElectron, explainMissingLibraries } from '../scripts/electron/dist.mjs'
import { repository } from './repository.ts'

export default async function prepare(): Promise<() => void> {
  if (!existsSync(join(repository, 'out', 'main', 'index.cjs')))
    throw new Error('the app is not built: npx electron-vite build')
  const { executable } = await ensureElectron()
  const lacking = explainMissingLibraries(executable)
  if (lacking !== undefined) throw new Error(lacking)
  process.env['HISO_E2E_ELECTRON'] = executable
  return hasDisplay() ? () => {} : startDisplay()
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

/** Large enough for the largest window that is tested. */
async function startDisplay(): Promise<() => void> {
  const args = ['-displayfd', '1', '-screen', '0', '2560x1600x24', '-nolisten', 'tcp']
  const display = spawn('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const number = await new Promise<string>((resolve, reject) => {
    display.once('error', () =>
      reject(new Error('there is no display and no Xvfb: scripts/electron/ciLibraries.sh')),
    )
    display.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()))
  })
  process.env['DISPLAY'] = `:${number}`
  return () => void display.kill()
}
