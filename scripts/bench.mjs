/**
 * `npm run bench -- NAME …`: bundles bench/NAME.bench.ts, the worker's script and the command line
 * into .cache/bench/NAME/dist and runs the bench there - a snapshot, so that nobody's build
 * disturbs it. Without a name it lists what there is.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listBenches } from './benches.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'

const benches = listBenches().filter(({ path }) => path.startsWith('bench/'))
const [name, ...args] = process.argv.slice(2)

const bench = benches.find((each) => each.name === name)
if (bench !== undefined) process.exitCode = await runBench(bench)
else {
  if (name !== undefined) console.error(`There is no bench "${name}".\n`)
  console.log('npm run bench -- NAME\n')
  const width = Math.max(...benches.map((each) => each.name.length))
  for (const each of benches) console.log(`  ${each.name.padEnd(width)} ${each.purpose}`)
  process.exitCode = name === undefined ? 0 : 2
}

async function runBench({ path }) {
  await install()
  const snapshot = join(root, '.cache', 'bench', name)
  rmSync(snapshot, { recursive: true, force: true })
  mkdirSync(snapshot, { recursive: true })
  for (const file of ['package.json', 'resources'])
    symlinkSync(join(root, file), join(snapshot, file))
  const { rolldown } = await import('rolldown')
  const { default: config } = await import(pathToFileURL(join(root, 'rolldown.config.mjs')))
  const input = { ...config.input, bench: join(root, path) }
  const bundle = await rolldown({ ...config, cwd: root, input })
  await bundle.write({ ...config.output, dir: join(snapshot, 'dist') })
  await bundle.close()
  const script = join(snapshot, 'dist', 'bench.js')
  const flags = ['--expose-gc', '--enable-source-maps']
  return spawnSync(process.execPath, [...flags, script, ...args], { stdio: 'inherit' }).status ?? 1
}
