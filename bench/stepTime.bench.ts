/**
 * What does the implicit step cost? Rounds of an explicit and an implicit run, alternating by
 * turns in one process, so that whatever else the machine does meets both.
 *
 * Run: npm run bench -- stepTime [TURNS, 5 if left out] [ROUNDS of a turn, 20]
 */
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

const [turns = 5, rounds = 20] = process.argv.slice(2).map(Number)
const tasks = ['fashion-hiso-vs-decomfl', 'mnist-hiso', 'quickstart']
/** Rounds at the start of a run that warm up. */
const skipped = 3

const host = createBenchHost()
const rows: string[][] = []
for (const preset of tasks) {
  const explicit: number[] = []
  const implicit: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    explicit.push(...(await roundTimes(preset, 'explicit')))
    implicit.push(...(await roundTimes(preset, 'implicit')))
  }
  const [slow, fast] = [median(implicit), median(explicit)]
  rows.push([preset, fast.toFixed(1), slow.toFixed(1), (slow / fast).toFixed(2)])
  console.error(rows.at(-1)!.join('  '))
}
printTable(['preset', '>explicit, ms a round', '>implicit', '>ratio'], rows)

/** Milliseconds of single rounds, evaluations left out. */
async function roundTimes(preset: string, step: string): Promise<number[]> {
  const config = presetConfig(
    preset,
    'method.name=hiso',
    `method.step=${step}`,
    'method.learningRate=0.005',
    `federation.rounds=${rounds}`,
    `evaluation.every=${rounds}`,
    'evaluation.samples=100',
  )
  const { rows: played } = await play(host, config)
  return played
    .slice(skipped, -1)
    .map(({ elapsedMs }, at) => elapsedMs - played[at + skipped - 1]!.elapsedMs)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
