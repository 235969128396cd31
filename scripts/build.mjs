/** Bundles the command line into dist/, only when a source is newer. Run: node scripts/build.mjs */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

const dist = join(root, 'dist')
const sources = [
  'core',
  'figures',
  'platform',
  'api',
  'cli',
  'package.json',
  'package-lock.json',
  'rolldown.config.mjs',
]
/** Written last: its time is when the last build began. */
const stamp = join(dist, '.built')

/**
 * @param {(line: string) => void} [tell]
 * @returns whether something had to be built
 */
export async function buildIfStale(tell = () => {}) {
  if (!isStale()) return false
  tell('Building the command line (some seconds)…')
  const began = Date.now() / 1000
  const { rolldown } = await import('rolldown')
  const { default: config } = await import(pathToFileURL(join(root, 'rolldown.config.mjs')))
  const bundle = await rolldown({ ...config, cwd: root })
  const { output } = await bundle.generate(config.output)
  await bundle.close()
  // Each file is replaced in one step: a program may be starting from here at this moment.
  for (const { fileName, code } of output) replaceFile(join(dist, fileName), code)
  chmodSync(join(dist, 'hiso.js'), 0o755)
  writeFileSync(stamp, '')
  utimesSync(stamp, began, began)
  return true
}

function replaceFile(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
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
      (entry.isDirectory() || /(?<!\.test)\.(ts|json)$/.test(entry.name)) &&
      isNewer(join(path, entry.name), moment),
  )
}

if (process.argv[1] === import.meta.filename) await buildIfStale()
