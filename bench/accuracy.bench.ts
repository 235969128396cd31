/**
 * How well do HiSo and DeComFL learn, and in how many rounds? Both methods get the same grid of learning rates on one seed; the rate with the best
 * accuracy at the end then plays three other seeds.
 *
 * Run: npm run bench -- accuracy [TASK…], tasks being the keys of `tasks` below; all of them if none is named.
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
}

const everyFive = 'evaluation.every=5'
const tasks: Readonly<Record<string, Task>> = {
  mnist: {
    title: 'MNIST, MLP 784-32-10 (preset mnist-hiso)',
    preset: 'mnist-hiso',
    overrides: [everyFive],
    rates: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
  },
  fashion: {
    title: 'Fashion-MNIST, softmax regression (preset fashion-hiso-vs-decomfl)',
    preset: 'fashion-hiso-vs-decomfl',
    overrides: [everyFive],
    rates: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
  },
  quickstart: {
    title: 'Fashion-MNIST, preset quickstart',
    preset: 'quickstart',
    overrides: [everyFive],
    rates: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05],
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
    rates: [0.0002, 0.0005, 0.001, 0.002, 0.005],
  },
}

const methods = ['hiso', 'decomfl'] as const
type Method = (typeof methods)[number]
const titles: Readonly<Record<Method, string>> = { hiso: 'HiSo', decomfl: 'DeComFL' }

const tuningSeed = 365
const seeds = [1, 2, 3]
const targets = [0.4, 0.5, 0.6, 0.7]

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
for (const name of wanted.length === 0 ? Object.keys(tasks) : wanted) {
  const task = tasks[name]
  if (task === undefined) throw new Error(`no task "${name}": ${Object.keys(tasks).join(', ')}`)
  await compare(task)
}

async function compare(task: Task): Promise<void> {
  console.log(`### ${task.title}\n`)
  const tuned = new Map<Method, number>()
  const grid = new Map<Method, Map<number, Outcome>>(methods.map((method) => [method, new Map()]))
  for (const rate of task.rates)
    for (const method of methods)
      grid.get(method)!.set(rate, await playOnce(configOf(task, method, rate, tuningSeed)))
  console.log(`The grid, seed ${tuningSeed}: accuracy at the end (best on the way)\n`)
  printTable(
    ['learning rate', ...methods.map((method) => `>${titles[method]}`)],
    task.rates.map((rate) => [
      rate,
      ...methods.map((method) => outcomeText(grid.get(method)!.get(rate)!)),
    ]),
  )
  console.log(
    `The fewest rounds to each accuracy, at whichever rate of the grid, seed ${tuningSeed}\n`,
  )
  printTable(
    ['accuracy', ...methods.map((method) => `>${titles[method]}`), '>HiSo fewer by'],
    targets.map((target) => {
      const fewest = methods.map((method) => fewestRounds(grid.get(method)!, target))
      const [hiso, decomfl] = fewest
      return [
        percent(target, 0),
        ...fewest.map((it) => (it === undefined ? '–' : `${it.rounds} (${it.rate})`)),
        hiso === undefined || decomfl === undefined
          ? '–'
          : `${(decomfl.rounds / hiso.rounds).toFixed(2)}×`,
      ]
    }),
  )
  for (const method of methods) {
    const [rate] = [...grid.get(method)!].reduce((a, b) => (b[1].final > a[1].final ? b : a))
    tuned.set(method, rate)
  }
  const outcomes = new Map<Method, Outcome[]>()
  for (const seed of seeds)
    for (const method of methods) {
      const outcome = await playOnce(configOf(task, method, tuned.get(method)!, seed))
      outcomes.set(method, [...(outcomes.get(method) ?? []), outcome])
    }
  console.log(
    `The comparison, seeds ${seeds.join(', ')}: mean ± standard deviation (runs that arrived)\n`,
  )
  printTable(
    [
      '',
      ...methods.map((method) => `>${titles[method]}, η = ${tuned.get(method)}`),
      '>HiSo fewer by',
    ],
    [
      ...targets.map((target) => {
        const reached = methods.map((method) =>
          outcomes.get(method)!.flatMap(({ rows }) => roundsTo(rows, target) ?? []),
        )
        const [hiso, decomfl] = reached.map((rounds) => summarize(rounds).mean)
        const all = reached.every(({ length }) => length === seeds.length)
        return [
          `rounds to ${percent(target, 0)}`,
          ...reached.map((rounds) => `${spread(rounds, 0)} (${rounds.length})`),
          all ? `${(decomfl! / hiso!).toFixed(2)}×` : '–',
        ]
      }),
      [
        'accuracy at the end, %',
        ...methods.map((method) =>
          spread(
            outcomes.get(method)!.map(({ final }) => 100 * final),
            1,
          ),
        ),
        '',
      ],
      [
        'best accuracy, %',
        ...methods.map((method) =>
          spread(
            outcomes.get(method)!.map(({ best }) => 100 * best),
            1,
          ),
        ),
        '',
      ],
      [
        'diverged',
        ...methods.map(
          (method) => `${outcomes.get(method)!.filter(({ diverged }) => diverged).length}`,
        ),
        '',
      ],
      [
        'seconds',
        ...methods.map((method) =>
          spread(
            outcomes.get(method)!.map(({ seconds }) => seconds),
            1,
          ),
        ),
        '',
      ],
    ],
  )
}

function configOf(task: Task, method: Method, rate: number, seed: number): RunConfig {
  return presetConfig(
    task.preset,
    ...task.overrides,
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
