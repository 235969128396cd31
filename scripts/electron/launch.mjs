/**
 * Opens the app from the repository, for scripts/start.mjs: finds out whether a window can be
 * shown, gets an Electron, builds what is stale, and starts it. Run: node
 * scripts/electron/launch.mjs [files…]
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildAppIfStale } from './build.mjs'
import { ensureElectron, explainMissingLibraries } from './dist.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Why no window can be shown here, as one line for people; undefined when one can. Asks nothing of
 * the network and installs nothing.
 * @returns {string | undefined}
 */
export function whyNoWindow() {
  if (process.platform !== 'linux') return undefined
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'There is no display here, so the app can’t open its window; the quickstart plays in this terminal instead.'
  return undefined
}

/**
 * Builds and starts the app, and waits until it is closed.
 * @param {readonly string[]} args files to open, and switches
 * @param {(line: string) => void} [tell]
 * @returns {Promise<number>} its exit code
 * @throws {Error} with a line for people: Electron can't be had, a system library is missing, the
 *   build fails
 */
export async function openApp(args = [], tell = (line) => console.log(line)) {
  const { executable } = await ensureElectron(tell)
  const lacking = explainMissingLibraries(executable)
  if (lacking) throw new Error(lacking)
  buildAppIfStale(tell)
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (isRoot) tell('You are root, so Chromium’s sandbox is off; as another user it is on.')
  const asRoot = isRoot ? ['--no-sandbox'] : []
  const child = spawn(executable, [...asRoot, root, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  process.once('SIGTERM', () => child.kill())
  // Chromium reports every service that a minimal system lacks; only what is ours is of use to
  // anyone.
  child.stderr.on('data', (data) => {
    const lines = String(data).split('\n')
    const ours = lines.filter((line) => line !== '' && !/^\[\d+:\d+\/[\d.]+:/.test(line))
    if (ours.length > 0) console.error(ours.join('\n'))
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  try {
    const reason = whyNoWindow()
    if (reason !== undefined) throw new Error(reason)
    process.exitCode = await openApp(process.argv.slice(2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
