/**
 * How well do HiSo and DeComFL learn, and in how many rounds? Both methods get the same grid of
 * learning rates on one seed; the rate with the best accuracy at the end then plays the whole
 * horizon with other seeds; and the preset is played as it is shipped.
 *
 * Run: npm run bench -- accuracy [TASK…], tasks being the keys of `tasks` below; mnist and fashion
 * if none is named.
 */
import type { RunConfig } from '../core/config/index.ts'
import { bestOf, reach, summarize, type MetricsRow } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

interface Task {
  readonly title: string
  readonly preset: string
  readonly overrides: readonly string[]
  /** The same for both methods. */
  readonly rates: readonly number[]
  /**
   * Rounds of a run of the grid: enough to tell rates apart, each with its whole schedule; all of
   * the task's if left out.
   */
  readonly gridRounds?: number
  /** Whether the preset is to be played as it is shipped. */
  readonly isShipped: boolean
  /** Of the comparison. */
  readonly seeds: readonly number[]
}

/** Evaluated often enough to tell early rounds apart. */
const often = 'evaluation.every=2'
/** Dense where it matters; both methods end worse at both ends. */
const rates = [0.0025, 0.005, 0.007, 0.01, 0.02, 0.05]
const tuningSeed = 365
const gridRounds = 300
const threeSeeds = [1, 2, 3]
const targets = [0.4, 0.5, 0.6, 0.7]

const tasks: Readonly<Record<string, Task>> = {
  mnist: {
    title: 'MNIST, MLP 784-32-10 (preset mnist-hiso)',
    preset: 'mnist-hiso',
    overrides: [often],
    rates,
    gridRounds,
    isShipped: true,
    seeds: threeSeeds,
  },
  fashion: {
    title: 'Fashion-MNIST, softmax regression (preset fashion-hiso-vs-decomfl)',
    preset: 'fashion-hiso-vs-decomfl',
    overrides: [often],
    rates,
    gridRounds,
    isShipped: true,
    seeds: threeSeeds,
  },
  quickstart: {
    title:
      "Fashion-MNIST, the authors' CNN (d = 28,938), 2 of 8 clients, Dirichlet 1 (preset quickstart)",
    preset: 'quickstart',
    overrides: ['evaluation.every=10'],
    rates: [0.0025, 0.005, 0.01],
    isShipped: true,
    seeds: threeSeeds,
  },
  skew: {
    title:
      "Fashion-MNIST, the authors' CNN (d = 28,938), 2 of 8 clients, Dirichlet 0.1 per class, P = 5, constant rate, 2,000 rounds",
    preset: 'quickstart',
    overrides: [
      'task.model=cnn-mnist',
      'split={ kind: dirichlet, alpha: 0.1 }',
      'federation={ clients: 8, participants: 2, localSteps: 1, rounds: 2000, batchSize: 32 }',
      'method={ name: hiso, mu: 0.001, perturbations: 5, hessian: { nu: 0.05 } }',
      'evaluation.every=20',
    ],
    rates: [0.0005, 0.001, 0.002],
    isShipped: false,
    seeds: [1],
  },
}

const methods = ['hiso', 'decomfl'] as const
type Method = (typeof methods)[number]
const titles: Readonly<Record<Method, string>> = { hiso: 'HiSo', decomfl: 'DeComFL' }

interface Outcome {
  readonly rows: readonly MetricsRow[]
  readonly seconds: number
  readonly diverged: boolean
  /** Accuracy at the last round; 0 when the run diverged. */
  readonly final: number
  readonly best: number
}

const host = createBenchHost()
const wanted = process.argv.slice(2)
for (const name of wanted.length === 0 ? ['mnist', 'fashion'] : wanted) {
  const task = tasks[name]
  if (task === undefined) throw new Error(`no task "${name}": ${Object.keys(tasks).join(', ')}`)
  await compare(task)
}

async function compare(task: Task): Promise<void> {
  console.log(`### ${task.title}\n`)
  const grid: Record<Method, Map<number, Outcome>> = { hiso: new Map(), decomfl: new Map() }
  const horizon = task.gridRounds === undefined ? [] : [`federation.rounds=${task.gridRounds}`]
  for (const rate of task.rates)
    for (const method of methods)
      grid[method].set(rate, await playOnce(configOf(task, method, rate, tuningSeed, horizon)))
  printGrid(task, grid)
  printFewest(grid)

  const rates = { hiso: bestRate(grid.hiso), decomfl: bestRate(grid.decomfl) }
  const outcomes: Record<Method, Outcome[]> = { hiso: [], decomfl: [] }
  for (const seed of task.seeds)
    for (const method of methods)
      outcomes[method].push(await playOnce(configOf(task, method, rates[method], seed)))
  console.log(`Each at its best rate, seeds ${task.seeds.join(', ')}: mean ± standard deviation\n`)
  printComparison(task.seeds, rates, outcomes)
  if (task.isShipped) await printShipped(task)
}

async function printShipped({ preset }: Task): Promise<void> {
  const { learningRate } = presetConfig(preset).method
  console.log(`The preset as it is shipped: η = ${learningRate} for both\n`)
  const rows: string[][] = []
  for (const method of methods) {
    const { final, best, seconds } = await playOnce(presetConfig(preset, `method.name=${method}`))
    rows.push([titles[method], percent(final), percent(best), seconds.toFixed(1)])
  }
  printTable(['method', '>accuracy at the end', '>best', '>seconds'], rows)
}

function printGrid(task: Task, grid: Readonly<Record<Method, ReadonlyMap<number, Outcome>>>): void {
  const rounds = task.gridRounds ?? 'all'
  console.log(
    `The grid, seed ${tuningSeed}, ${rounds} rounds: accuracy at the end (best on the way)\n`,
  )
  printTable(
    ['learning rate', ...methods.map((method) => `>${titles[method]}`)],
    task.rates.map((rate) => [
      rate,
      ...methods.map((method) => outcomeText(grid[method].get(rate)!)),
    ]),
  )
}

function printFewest(grid: Readonly<Record<Method, ReadonlyMap<number, Outcome>>>): void {
  console.log(
    `The fewest rounds to each accuracy, at whichever rate of the grid, seed ${tuningSeed}\n`,
  )
  printTable(
    ['accuracy', ...methods.map((method) => `>${titles[method]}`), '>HiSo fewer by'],
    targets.map((target) => {
      const fewest = methods.map((method) => fewestRounds(grid[method], target))
      const [hiso, decomfl] = fewest
      return [
        percent(target, 0),
        ...fewest.map((it) => (it === undefined ? '–' : `${it.rounds} (η = ${it.rate})`)),
        hiso === undefined || decomfl === undefined ? '–' : factor(decomfl.rounds / hiso.rounds),
      ]
    }),
  )
}

function printComparison(
  seeds: readonly number[],
  rates: Readonly<Record<Method, number>>,
  outcomes: Readonly<Record<Method, readonly Outcome[]>>,
): void {
  const roundsRow = (target: number) => {
    const reached = methods.map((method) =>
      outcomes[method].flatMap(({ rows }) => roundsTo(rows, target) ?? []),
    )
    const [hiso, decomfl] = reached.map((rounds) => summarize(rounds).mean)
    const allArrived = reached.every(({ length }) => length === seeds.length)
    return [
      `rounds to ${percent(target, 0)}`,
      ...reached.map((rounds) =>
        rounds.length === seeds.length
          ? spread(rounds, 0)
          : `${spread(rounds, 0)} (${rounds.length} of ${seeds.length})`,
      ),
      allArrived ? factor(decomfl! / hiso!) : '–',
    ]
  }
  const row = (title: string, digits: number, value: (outcome: Outcome) => number) => [
    title,
    ...methods.map((method) => spread(outcomes[method].map(value), digits)),
    '',
  ]
  const diverged = methods.map(
    (method) => outcomes[method].filter((outcome) => outcome.diverged).length,
  )
  printTable(
    ['', ...methods.map((method) => `>${titles[method]}, η = ${rates[method]}`), '>HiSo fewer by'],
    [
      ...targets.map(roundsRow),
      row('accuracy at the end, %', 1, ({ final }) => 100 * final),
      row('best accuracy, %', 1, ({ best }) => 100 * best),
      ...(diverged.some((count) => count > 0) ? [['diverged', ...diverged, '']] : []),
      row('seconds', 1, ({ seconds }) => seconds),
    ],
  )
}

/** The rate with the best accuracy at the end. */
function bestRate(runs: ReadonlyMap<number, Outcome>): number {
  return [...runs].reduce((a, b) => (b[1].final > a[1].final ? b : a))[0]
}

function configOf(
  task: Task,
  method: Method,
  rate: number,
  seed: number,
  horizon: readonly string[] = [],
): RunConfig {
  return presetConfig(
    task.preset,
    ...task.overrides,
    ...horizon,
    `method.name=${method}`,
    `method.learningRate=${rate}`,
    `seed=${seed}`,
  )
}

async function playOnce(config: RunConfig): Promise<Outcome> {
  const { record, rows } = await play(host, config)
  if (record.status === 'failed' && record.error?.code !== 'LOSS_NOT_FINITE')
    throw new Error(record.error?.message)
  const diverged = record.status === 'failed'
  return {
    rows,
    seconds: record.totals.elapsedMs / 1000,
    diverged,
    final: diverged ? 0 : (record.latest.testAccuracy ?? 0),
    best: bestOf(rows, 'testAccuracy') ?? 0,
  }
}

function fewestRounds(runs: ReadonlyMap<number, Outcome>, target: number) {
  const all = [...runs].flatMap(([rate, { rows }]) => {
    const rounds = roundsTo(rows, target)
    return rounds === undefined ? [] : [{ rate, rounds }]
  })
  return all.length === 0 ? undefined : all.reduce((a, b) => (b.rounds < a.rounds ? b : a))
}

function roundsTo(rows: readonly MetricsRow[], target: number): number | undefined {
  return reach(rows, { metric: 'testAccuracy', value: target })?.rounds
}

function outcomeText({ diverged, final, best, rows }: Outcome): string {
  return diverged
    ? `diverged in round ${rows.length + 1} (${percent(best)})`
    : `${percent(final)} (${percent(best)})`
}

function factor(value: number): string {
  return `${value.toFixed(2)}×`
}

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`
}

function spread(values: readonly number[], digits: number): string {
  if (values.length === 0) return '–'
  const { mean, std } = summarize(values)
  return values.length === 1
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${std.toFixed(digits)}`
}
