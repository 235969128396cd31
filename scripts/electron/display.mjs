/** A display for a machine without one: Xvfb, for tests and for trying a package. */
import { spawn } from 'node:child_process'

/** Whether windows can be shown as things are. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * Starts a display large enough for the largest window that is tested.
 * @returns {Promise<{ readonly name: string, stop(): void }>} its name, for DISPLAY
 * @throws {Error} when there is no Xvfb
 */
export async function startDisplay() {
  const args = ['-displayfd', '1', '-screen', '0', '2560x1600x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const number = await new Promise((resolve, reject) => {
    server.once('error', () =>
      reject(new Error('There is no display and no Xvfb: run scripts/electron/ciLibraries.sh')),
    )
    server.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)))
    server.stdout.once('data', (data) => resolve(String(data).trim()))
  })
  return { name: `:${number}`, stop: () => void server.kill() }
}
