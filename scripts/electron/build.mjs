/** Builds the app into out/, only when a source is newer. Run: node scripts/electron/build.mjs */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = [
  // The documentation is shown in the window.
  ...['core', 'figures', 'platform', 'electron', 'renderer', 'docs', 'electron.vite.config.ts'],
  ...['package.json', 'package-lock.json'],
]
/** Written last: a build without it is unfinished. */
const stamp = join(root, 'out', '.built')

/**
 * @param {(line: string) => void} [tell]
 * @returns {boolean} whether something had to be built
 * @throws {Error} when the build fails; its messages have been shown
 */
export function buildAppIfStale(tell = () => {}) {
  if (!isStale()) return false
  tell('Building the app (some seconds)…')
  buildApp()
  return true
}

export function buildApp() {
  const started = Date.now()
  const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status } = spawnSync(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) throw new Error('the app could not be built; the reason is above')
  writeFileSync(stamp, '')
  // A time of before the first source was read: what changed meanwhile counts as newer.
  utimesSync(stamp, started / 1000, started / 1000)
}

function isStale() {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  return sources.some((source) => isNewer(join(root, source), built))
}

/**
 * Whether a file, or a source anywhere in a folder, was changed after a moment; a folder changes
 * when a file comes or goes.
 */
function isNewer(path, moment) {
  const stats = statSync(path)
  if (stats.mtimeMs > moment) return true
  if (!stats.isDirectory()) return false
  return readdirSync(path, { withFileTypes: true }).some(
    (entry) =>
      (entry.isDirectory() || !/\.(test|bench)\.ts$/.test(entry.name)) &&
      isNewer(join(path, entry.name), moment),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  try {
    buildAppIfStale()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
