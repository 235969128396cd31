/**
 * How long from `git clone` to the quickstart's table? A clone of the last commit in a temporary
 * folder, `npm start` in it, and when each line came. npm's cache is as warm as it is on this
 * machine.
 *
 * Run: npm run bench -- start
 */
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inTemporaryFolder } from './play.ts'

/** Seen from the bundle, .cache/bench/NAME/dist. */
const repository = fileURLToPath(new URL('../../../..', import.meta.url))

/** What is waited for, by what a line holds; in this order. */
const milestones: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['packages installed', /^Installed in/],
  ['engine started', /simulated clients/],
  ['first run opened', /HiSo/],
  ['first round shown', /round +[\d,]+\//],
  ['first run finished', /finished after/],
  ['table', /To reach accuracy/],
]

await inTemporaryFolder(async (folder) => {
  const clone = join(folder, 'clone')
  execFileSync('git', ['clone', '--quiet', repository, clone])
  const commit = execFileSync('git', ['-C', clone, 'log', '--oneline', '-1'], { encoding: 'utf8' })
  console.log(`npm start in a clone of ${commit}`)
  const began = performance.now()
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1).padStart(7)
  const child = spawn('npm', ['start'], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'] })
  let next = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    while (next < milestones.length && milestones[next]![1].test(line))
      console.log(`${seconds()} s  ${milestones[next++]![0].padEnd(20)} ${line.trim()}`)
    if (next === milestones.length) console.log(`${' '.repeat(31)}${line}`)
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  console.log(`${seconds()} s  ended with ${String(code)}`)
})
