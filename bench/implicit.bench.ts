/**
 * Does the implicit step need fewer rounds, at the same bytes and forward passes? Presets as they
 * are, each method with its learning rate from one grid of powers of two, by the lowest loss at the
 * end on one seed; then seeds that no rate was chosen on: the loss at the end, and the round in
 * which a method passes the last loss of DeComFL on the same seed. Writes
 * docs/images/rates-TASK.svg: rounds to a target over the learning rate.
 *
 * Run: npm run bench -- implicit [fashion|mnist|quickstart|spam]… (all but spam if none is named:
 * spam takes minutes a run, and has its rates from docs/paper.md instead of a grid)
 */
import { methodTitle } from '../core/config/index.ts'
import type { MetricsRow } from '../core/runs/index.ts'
import { logFigure, writeFigure } from './figure.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

const names = ['decomfl', 'hiso', 'decomfl-implicit', 'hiso-implicit'] as const
type Name = (typeof names)[number]
const colors: Readonly<Record<Name, string>> = {
  decomfl: '#c2580c',
  hiso: '#4150d0',
  'decomfl-implicit': '#0f7b6c',
  'hiso-implicit': '#8b2fa0',
}

interface Task {
  readonly preset: string
  readonly overrides: readonly string[]
  readonly seeds: readonly number[]
  /** A test loss for the figure. */
  readonly target: number
  /** Left out where a grid finds them. */
  readonly rates?: Readonly<Record<Name, number>>
}

const seeds = [1, 2, 3]
const tuningSeed = 365
const grid = [0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32]

const tasks: Readonly<Record<string, Task>> = {
  fashion: {
    preset: 'fashion-hiso-vs-decomfl',
    overrides: ['federation.rounds=150', 'evaluation.every=5'],
    seeds,
    target: 0.85,
  },
  mnist: {
    preset: 'mnist-hiso',
    overrides: ['federation.rounds=150', 'evaluation.every=5'],
    seeds,
    target: 1,
  },
  quickstart: {
    preset: 'quickstart',
    overrides: ['evaluation.every=10'],
    seeds,
    target: 1.2,
  },
  spam: {
    preset: 'spam-hiso-vs-decomfl',
    overrides: ['evaluation.every=10'],
    seeds: [1, 2, 3],
    target: 0.5,
    rates: { decomfl: 0.05, hiso: 0.035, 'decomfl-implicit': 0.1, 'hiso-implicit': 0.07 },
  },
}

interface Played {
  readonly rows: readonly MetricsRow[]
  /** At the end; Infinity where the run has diverged. */
  readonly loss: number
  readonly accuracy: number | undefined
}

const host = createBenchHost()
const asked = process.argv.slice(2)
const chosen = asked.length > 0 ? asked : Object.keys(tasks).filter((name) => name !== 'spam')
for (const name of chosen) {
  const task = tasks[name]
  if (task === undefined) throw new Error(`there is no task ${name}`)
  await report(name, task)
}

async function report(taskName: string, task: Task): Promise<void> {
  const rates = task.rates ?? (await tune(taskName, task))
  const results = new Map<Name, Played[]>()
  for (const name of names) results.set(name, [])
  for (const seed of task.seeds)
    for (const name of names) {
      const played = await playOnce(task, name, rates[name], seed)
      results.get(name)!.push(played)
      console.error(taskName, name, rates[name], seed, played.loss, played.accuracy)
    }
  const base = results.get('decomfl')!
  console.log(`${taskName}: ${task.preset}, seeds ${task.seeds.join(', ')}\n`)
  printTable(
    ['method', '>η', '>test loss at the end', '>accuracy', '>rounds to DeComFL’s last loss'],
    names.map((name) => [
      methodTitle(name),
      rates[name],
      results
        .get(name)!
        .map(({ loss }) => loss.toFixed(3))
        .join(' '),
      results
        .get(name)!
        .map(({ accuracy }) => (accuracy === undefined ? '–' : (100 * accuracy).toFixed(1)))
        .join(' '),
      results
        .get(name)!
        .map(({ rows }, index) => roundsTo(rows, base[index]!.loss) ?? '–')
        .join(' '),
    ]),
  )
}

/** The best rate of each method on one seed; prints the grid and draws it. */
async function tune(taskName: string, task: Task): Promise<Record<Name, number>> {
  const found = new Map<Name, Map<number, Played>>()
  for (const name of names) {
    const own = new Map<number, Played>()
    found.set(name, own)
    for (const rate of grid) {
      own.set(rate, await playOnce(task, name, rate, tuningSeed))
      console.error(taskName, name, rate, own.get(rate)!.loss)
    }
  }
  console.log(`${taskName}: test loss at the end over η, seed ${tuningSeed} (– diverged)\n`)
  printTable(
    ['method', ...grid.map((rate) => `>${rate}`)],
    names.map((name) => [
      methodTitle(name),
      ...grid.map((rate) => {
        const { loss } = found.get(name)!.get(rate)!
        return Number.isFinite(loss) ? loss.toFixed(3) : '–'
      }),
    ]),
  )
  console.log(`${taskName}: rounds to a test loss of ${task.target} over η\n`)
  printTable(
    ['method', ...grid.map((rate) => `>${rate}`)],
    names.map((name) => [
      methodTitle(name),
      ...grid.map((rate) => roundsTo(found.get(name)!.get(rate)!.rows, task.target) ?? '–'),
    ]),
  )
  writeFigure(
    `rates-${taskName}`,
    logFigure(
      `${task.preset}: rounds to a test loss of ${task.target} over the learning rate`,
      { label: 'learning rate η', from: -3, to: 0, format: String },
      { label: 'rounds', from: 0, to: 3, format: String },
      names.map((name, index) => ({
        title: methodTitle(name),
        color: colors[name],
        labelDy: 4 + 12 * (index % 2),
        points: grid.flatMap((rate) => {
          const rounds = roundsTo(found.get(name)!.get(rate)!.rows, task.target)
          return rounds === undefined ? [] : [[rate, rounds] as const]
        }),
      })),
    ),
  )
  return Object.fromEntries(
    names.map((name) => [
      name,
      grid.reduce((best, rate) =>
        found.get(name)!.get(rate)!.loss < found.get(name)!.get(best)!.loss ? rate : best,
      ),
    ]),
  ) as Record<Name, number>
}

async function playOnce(task: Task, name: Name, rate: number, seed: number): Promise<Played> {
  const config = presetConfig(
    task.preset,
    ...task.overrides,
    `method.name=${name}`,
    `method.learningRate=${rate}`,
    `seed=${seed}`,
  )
  const { record, rows } = await play(host, config)
  const last = rows.findLast(({ testLoss }) => testLoss !== undefined)
  const isOver = record.status === 'finished'
  return {
    rows,
    loss: isOver ? (last?.testLoss ?? Infinity) : Infinity,
    accuracy: last?.testAccuracy,
  }
}

/** The first evaluated round at which the test loss is at most `loss`. */
function roundsTo(rows: readonly MetricsRow[], loss: number): number | undefined {
  const row = rows.find(({ testLoss }) => testLoss !== undefined && testLoss <= loss)
  return row && row.round
}
