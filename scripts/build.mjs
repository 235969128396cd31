/** Bundles the command line into dist/, only when a source is newer. Run: node scripts/build.mjs */
import { chmodSync, existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

const sources = ['core', 'cli', 'package.json', 'package-lock.json', 'rolldown.config.mjs']
/** Written last: a bundle without it is unfinished. */
const stamp = join(root, 'dist', '.built')

/** @returns whether something had to be built */
export async function buildIfStale() {
  if (!isStale()) return false
  const started = Date.now()
  const { rolldown } = await import('rolldown')
  const { default: config } = await import(pathToFileURL(join(root, 'rolldown.config.mjs')))
  const bundle = await rolldown({ ...config, cwd: root })
  await bundle.write({ ...config.output, dir: join(root, 'dist') })
  await bundle.close()
  chmodSync(join(root, 'dist', 'hiso.js'), 0o755)
  writeFileSync(stamp, '')
  // An mtime of before the first source was read: what changed meanwhile counts as newer.
  utimesSync(stamp, started / 1000, started / 1000)
  return true
}

function isStale() {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  return sources.some((source) => isNewer(join(root, source), built))
}

/** Whether a file, or a source anywhere in a folder, was changed after a moment; a folder changes when a file comes or goes. */
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
