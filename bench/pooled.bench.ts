/**
 * Does an H that averages where the noise is come nearer to the Hessian, and does that train
 * better? HiSo as it is, beside one value of H per row and per tensor, debiased and with a longer
 * memory. Each chooses from one grid of learning rates on one seed; then three other seeds.
 *
 * Run: npm run bench -- pooled [PRESET…]
 */
import { summarize } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import {
  createBenchHost,
  formatRank,
  play,
  playAndExamine,
  presetConfig,
  type PlayedRun,
} from './play.ts'

interface Trial {
  readonly rounds: number
  readonly variants: Readonly<Record<string, readonly string[]>>
}

const longer = ['method.hessian.nu=0.01', 'method.hessian.biasCorrection=true']
const debiased = [...longer, 'method.hessian.debias=true']
const perCoordinate = { HiSo: [], 'debiased, longer': debiased }
const presets: Readonly<Record<string, Trial>> = {
  // A quadratic is one vector: there are no rows, and one value for all would be no H.
  'quadratic-low-rank': { rounds: 150, variants: perCoordinate },
  'mnist-hiso': {
    rounds: 100,
    variants: {
      ...perCoordinate,
      'per row': ['method.hessian.shape=row'],
      'per row, debiased, longer': ['method.hessian.shape=row', ...debiased],
      'per tensor, debiased, longer': ['method.hessian.shape=tensor', ...debiased],
    },
  },
}
/**
 * Descending. A debiased H is smaller than HiSo's by up to d / P, and wants a rate smaller by as
 * much.
 */
const rates = [0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7]
/** Rates in a row that were no better than the best, before the search ends. */
const patience = 2
const tuningSeed = 365
const seeds = [1, 2, 3]

const host = createBenchHost()
const rows: string[][] = []
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(presets)) {
  const trial = presets[name]
  if (trial === undefined)
    throw new Error(`no preset "${name}" here: ${Object.keys(presets).join(', ')}`)
  const { rounds, variants } = trial
  for (const [title, settings] of Object.entries(variants)) {
    const configOf = (rate: number, seed: number) =>
      presetConfig(
        name,
        ...settings,
        `method.learningRate=${rate}`,
        'method.learningRateSchedule.kind=cosine',
        `federation.rounds=${rounds}`,
        `evaluation.every=${rounds}`,
        'evaluation.samples=2000',
        'compute.workers=1',
        `seed=${seed}`,
      )
    const best = await bestRate(async (rate) =>
      lossOf(await play(host, configOf(rate, tuningSeed))),
    )
    const played = []
    for (const seed of seeds) played.push(await playAndExamine(host, configOf(best, seed)))
    const losses = summarize(played.map(lossOf))
    const accuracies = played.flatMap(({ rows: own }) => own.at(-1)?.testAccuracy ?? [])
    rows.push([
      name,
      title,
      String(best),
      Number.isFinite(losses.mean)
        ? `${losses.mean.toFixed(4)} ± ${losses.std.toFixed(4)}`
        : 'diverges',
      accuracies.length < seeds.length ? '–' : `${(100 * summarize(accuracies).mean).toFixed(1)}%`,
      played.map(({ curvature }) => formatRank(curvature)).join(', '),
    ])
  }
}
printTable(
  ['preset', 'H', '>η', '>loss', '>accuracy', 'rank correlation of H with the true diagonal'],
  rows,
)

async function bestRate(lossAt: (rate: number) => Promise<number>): Promise<number> {
  let best = { rate: rates[0]!, loss: Infinity }
  let worse = 0
  for (const rate of rates) {
    const loss = await lossAt(rate)
    console.error(`η = ${rate}: loss ${loss}`)
    if (loss < best.loss) [best, worse] = [{ rate, loss }, 0]
    else if (best.loss < Infinity && ++worse === patience) break
  }
  return best.rate
}

/** The test loss of the last round; infinite for a run that diverged. */
function lossOf({ record, rows: own }: PlayedRun): number {
  return record.status === 'finished' ? (own.at(-1)?.testLoss ?? Infinity) : Infinity
}
