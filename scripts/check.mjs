/**
 * `npm run check`: every check that CI runs, except the end-to-end tests of the app (`npm run
 * e2e`). A failed step does not stop the others; a list at the end says how each went. `--no-tests`
 * leaves the tests out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkAdvisories } from './advisories.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'
import { runHeld, runStep } from './steps.mjs'

/** The linter reads the types that are built before it; what needs neither runs beside them. */
const lanes = [
  [
    ['types', 'types'],
    ['lint', 'lint'],
  ],
  [
    ['format', 'format:check'],
    ['arrows', 'arrows'],
    ['unused', 'unused'],
    ['generated files', 'generated:check'],
  ],
]
const steps = [
  ['advisories', checkAdvisories],
  ...(process.argv.includes('--no-tests')
    ? []
    : [
        ['tests', () => runStep('vitest', ['run', '--project', 'short'])],
        ['long tests', () => runStep('vitest', ['run', '--project', 'long'])],
      ]),
]

await install()
const before = treeState()
const results = (await Promise.all(lanes.map(runLane))).flat()
for (const [name, run] of steps) {
  console.log(`\n── ${name}`)
  const started = Date.now()
  results.push({ name, passed: run() === 0, seconds: (Date.now() - started) / 1000 })
}
results.push({ name: 'tree untouched', passed: treeState() === before, seconds: 0 })

console.log()
for (const { name, passed, seconds } of results)
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`)
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1

/** What git sees of the working tree: no step may change or leave behind anything. */
function treeState() {
  if (!existsSync(join(root, '.git'))) return ''
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout
  return git('status', '--porcelain') + git('diff', 'HEAD')
}

/** Runs scripts of package.json one after the other, and shows what each has said once it ends. */
async function runLane(lane) {
  const ended = []
  for (const [name, script] of lane) {
    const started = Date.now()
    const { status, output } = await runHeld('npm', ['run', '--silent', script])
    console.log(`\n── ${name}\n${output.trimEnd()}`)
    ended.push({ name, passed: status === 0, seconds: (Date.now() - started) / 1000 })
  }
  return ended
}
