/**
 * What does the implicit step cost? Processor time of a round, all threads together, of an explicit
 * and an implicit run that take turns: a long run's less a short one's, so that starting them does
 * not count, nor what else the machine does.
 *
 * Run: npm run bench -- stepTime [TURNS, 3 if left out] [PRESET…]
 */
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

const [turns = '3', ...asked] = process.argv.slice(2)
const presets = asked.length > 0 ? asked : ['fashion-hiso-vs-decomfl', 'mnist-hiso', 'quickstart']
const [short, long] = [5, 305]

const host = createBenchHost()
const rows: string[][] = []
for (const preset of presets) {
  const [explicit, implicit]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < Number(turns); turn++) {
    explicit.push(await roundTime(preset, 'explicit'))
    implicit.push(await roundTime(preset, 'implicit'))
  }
  const [before, after] = [median(explicit), median(implicit)]
  const ratios = implicit.map((value, turn) => (value / explicit[turn]!).toFixed(2))
  rows.push([preset, before.toFixed(1), after.toFixed(1), ratios.join(' ')])
  console.error(rows.at(-1)!.join('  '))
}
printTable(['preset', '>explicit, ms a round', '>implicit', '>ratio, turn by turn'], rows)

/** Milliseconds of processor time. */
async function roundTime(preset: string, step: string): Promise<number> {
  const times: number[] = []
  for (const rounds of [short, long]) {
    const config = presetConfig(
      preset,
      'method.name=hiso',
      `method.step=${step}`,
      'method.learningRate=0.005',
      `federation.rounds=${rounds}`,
      `evaluation.every=${rounds}`,
      'evaluation.samples=100',
    )
    const before = process.cpuUsage()
    await play(host, config)
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1000)
  }
  return (times[1]! - times[0]!) / (long - short)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
