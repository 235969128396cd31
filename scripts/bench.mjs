/**
 * `npm run bench -- NAME …`: bundles bench/NAME.bench.ts, the worker's script and the command line
 * into .cache/bench/NAME/dist and runs the bench there - a snapshot, so that nobody's build
 * disturbs it. Without a name it lists what there is.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { install } from './install.mjs'
import { root } from './root.mjs'

const suffix = '.bench.ts'
const folder = join(root, 'bench')
const names = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
const [name, ...args] = process.argv.slice(2)

if (names.includes(name)) process.exitCode = await runBench()
else {
  if (name !== undefined) console.error(`There is no bench "${name}".\n`)
  console.log('npm run bench -- NAME\n')
  const width = Math.max(...names.map((each) => each.length))
  for (const each of names) console.log(`  ${each.padEnd(width)} ${purposeOf(each)}`)
  process.exitCode = name === undefined ? 0 : 2
}

async function runBench() {
  await install()
  const snapshot = join(root, '.cache', 'bench', name)
  rmSync(snapshot, { recursive: true, force: true })
  mkdirSync(snapshot, { recursive: true })
  for (const file of ['package.json', 'resources'])
    symlinkSync(join(root, file), join(snapshot, file))
  const { rolldown } = await import('rolldown')
  const { default: config } = await import(pathToFileURL(join(root, 'rolldown.config.mjs')))
  const input = { ...config.input, bench: join(folder, name + suffix) }
  const bundle = await rolldown({ ...config, cwd: root, input })
  await bundle.write({ ...config.output, dir: join(snapshot, 'dist') })
  await bundle.close()
  const script = join(snapshot, 'dist', 'bench.js')
  const flags = ['--expose-gc', '--enable-source-maps']
  return spawnSync(process.execPath, [...flags, script, ...args], { stdio: 'inherit' }).status ?? 1
}

/** The first sentence of a bench's opening comment. */
function purposeOf(each) {
  const text = readFileSync(join(folder, each + suffix), 'utf8')
  const opening = text.slice(0, text.indexOf('*/')).replace(/^\/?\s*\*+ ?/gm, '')
  return /^.*?[.?!:](?=\s)/.exec(opening.replaceAll('\n', ' ').trim())?.[0] ?? ''
}
