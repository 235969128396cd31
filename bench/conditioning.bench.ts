/**
 * Does the rate depend on L? A quadratic with four steep coordinates of curvature L beside sixteen
 * flat ones of curvature 1, so that the effective rank stays between 4 and 5.6 while the condition
 * number L grows from 1e1 to 1e6. Counts rounds until the loss is 1, an eighth of what the flat
 * ones begin with: DeComFL, HiSo as the paper has it, and HiSo that learns H from second
 * differences (the paper's Eq. 11), relative to itself, in 40 rounds before x moves; each at the
 * best of the same learning rates, median of three seeds. Writes docs/images/conditioning.svg.
 *
 * Run: npm run bench -- conditioning
 */
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { openWorker } from '../core/engine/index.ts'
import { playRound, Server, WorkerPool } from '../core/federation/index.ts'
import { logFigure, writeFigure } from './figure.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, medianOf } from './play.ts'

const conditions = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6]
const methods = {
  decomfl: { title: 'DeComFL', color: '#c2580c', labelDy: -4, settings: { name: 'decomfl' } },
  hiso: { title: 'HiSo', color: '#4150d0', labelDy: 14, settings: { name: 'hiso' } },
  bends: {
    title: 'HiSo, Eq. 11',
    color: '#0f7b5f',
    labelDy: 4,
    settings: {
      name: 'hiso',
      hessian: { estimate: 'second-difference', nu: 0.1, floor: 1e-9, warmUp: 40 },
    },
  },
} as const
type Name = keyof typeof methods
const names = Object.keys(methods) as Name[]
const seeds = [1, 2, 3]
const learningRates = Array.from({ length: 15 }, (_, i) => 10 ** (-i / 2))
const mostRounds = 2000
const target = 1

const host = createBenchHost()
const found = new Map<string, { rounds: number; learningRate: number }>()
for (const name of names)
  for (const condition of conditions) {
    let best = { rounds: Infinity, learningRate: NaN }
    for (const learningRate of learningRates) {
      const rounds = await roundsTo(configOf(name, condition, learningRate, seeds[0]!), best.rounds)
      if (rounds < best.rounds) best = { rounds, learningRate }
    }
    const all = [best.rounds]
    for (const seed of seeds.slice(1))
      all.push(
        best.rounds === Infinity
          ? Infinity
          : await roundsTo(configOf(name, condition, best.learningRate, seed), mostRounds),
      )
    found.set(`${name} ${condition}`, { ...best, rounds: medianOf(all) })
    console.error(`${name} at ${condition}: ${medianOf(all)} rounds at ${best.learningRate}`)
  }

printTable(
  ['method', ...conditions.map((condition) => `>${exponential(condition)}`)],
  names.map((name) => [
    methods[name].title,
    ...conditions.map((condition) => {
      const { rounds, learningRate } = found.get(`${name} ${condition}`)!
      return rounds === Infinity
        ? `> ${mostRounds}`
        : `${rounds} (η ${learningRate.toPrecision(1)})`
    }),
  ]),
)
writeFigure(
  'conditioning',
  logFigure(
    'Rounds to a loss of 1 over the condition number',
    { label: 'condition number L', from: 1, to: 6, format: exponential },
    { label: 'rounds to a loss of 1', from: 0, to: 4, format: String },
    names.map((name) => ({
      ...methods[name],
      points: conditions
        .map((condition) => [condition, found.get(`${name} ${condition}`)!.rounds] as const)
        .filter(([, rounds]) => rounds < Infinity),
    })),
  ),
)

function exponential(value: number): string {
  return value.toExponential(0).replace('+', '')
}

function configOf(name: Name, condition: number, learningRate: number, seed: number): RunConfig {
  return parseRunConfig({
    name: 'conditioning',
    task: {
      kind: 'quadratic',
      dim: 20,
      spectrum: { kind: 'low-rank', largest: condition, rank: 4, smallest: 1 },
    },
    federation: { clients: 4, participants: 4, localSteps: 1, rounds: mostRounds },
    // A difference of a quadratic has no error, however far apart its points lie.
    method: {
      ...methods[name].settings,
      learningRate,
      mu: 1,
      perturbations: 10,
      estimator: 'central',
    },
    seed,
  })
}

/**
 * @returns Infinity where the target is not reached within `limit` rounds, or the loss has left all
 *   bounds
 */
async function roundsTo(config: RunConfig, limit: number): Promise<number> {
  const { worker, report } = await openWorker(config, host)
  const server = new Server(config)
  const pool = new WorkerPool(
    () => Promise.resolve(worker),
    1,
    () => server.log.since(0),
    () => {},
  )
  try {
    for (let round = 1; round <= Math.min(limit, mostRounds); round++) {
      await playRound({ server, pool, batchesPerCall: report.batchesPerCall })
      const { lossSum } = await pool.first((each) => each.evaluate(0, 1))
      if (lossSum <= target) return round
      if (!(lossSum < 1e12)) return Infinity
    }
    return Infinity
  } catch {
    // A loss that is not finite: this learning rate is too high.
    return Infinity
  } finally {
    await pool.close()
  }
}
