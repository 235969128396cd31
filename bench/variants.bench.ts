/**
 * Does spending the bytes on directions, not on digits, pay? HiSo with P = 20 in float32 against
 * `hiso-short` with P = 160 in four bits: as many bytes a round. Both choose from one grid of
 * learning rates on one seed; then three other seeds: in which round does `hiso-short` reach the
 * loss that HiSo ends with, its own cosine schedule being a third as long; and how does either
 * one's H at the end rank the coordinates, against the true diagonal.
 *
 * Run: npm run bench -- variants [PRESET…]
 */
import { printTable } from './markdown.ts'
import {
  createBenchHost,
  formatRank,
  play,
  playAndExamine,
  presetConfig,
  type PlayedRun,
} from './play.ts'

const presets: Readonly<Record<string, { rounds: number; rates: readonly number[] }>> = {
  'quadratic-low-rank': { rounds: 300, rates: [0.05, 0.1, 0.2, 0.4, 0.8, 1.6] },
  'fashion-hiso-vs-decomfl': { rounds: 150, rates: [0.007, 0.014, 0.028, 0.056, 0.112] },
  'mnist-hiso': { rounds: 150, rates: [0.007, 0.014, 0.028, 0.056, 0.112] },
}
const tuningSeed = 365
const seeds = [1, 2, 3]
const methods = {
  hiso: { perturbations: 20, horizon: 1 },
  'hiso-short': { perturbations: 160, horizon: 1 / 3 },
} as const

const host = createBenchHost()
const rows: string[][] = []
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(presets)) {
  const { rounds, rates } = presets[name]!
  const configOf = (method: keyof typeof methods, rate: number, seed: number) =>
    presetConfig(
      name,
      `method.name=${method}`,
      `method.perturbations=${methods[method].perturbations}`,
      `method.learningRate=${rate}`,
      'method.learningRateSchedule.kind=cosine',
      `federation.rounds=${rounds * methods[method].horizon}`,
      'evaluation.every=2',
      'evaluation.samples=2000',
      'compute.workers=1',
      `seed=${seed}`,
    )
  const tuned = async (method: keyof typeof methods) => {
    const ends = []
    for (const rate of rates)
      ends.push({ rate, loss: lossOf(await play(host, configOf(method, rate, tuningSeed))) })
    console.error(name, method, ends.map(({ rate, loss }) => `${rate}: ${loss}`).join(', '))
    return ends.reduce((best, end) => (end.loss < best.loss ? end : best)).rate
  }
  const [ours, theirs] = [await tuned('hiso-short'), await tuned('hiso')]
  for (const seed of seeds) {
    const reference = await playAndExamine(host, configOf('hiso', theirs, seed))
    const short = await playAndExamine(host, configOf('hiso-short', ours, seed))
    const target = lossOf(reference)
    const reached = short.rows.find(({ testLoss }) => (testLoss ?? Infinity) <= target)
    rows.push([
      name,
      String(seed),
      `${theirs} / ${ours}`,
      target.toFixed(4),
      String(rounds),
      reached === undefined ? `– (${lossOf(short).toFixed(4)})` : String(reached.round),
      reached === undefined ? '–' : `${(rounds / reached.round).toFixed(1)}×`,
      `${bytesPerRound(reference).toFixed(0)} / ${bytesPerRound(short).toFixed(0)}`,
      reached === undefined
        ? '–'
        : `${((reached.cumulativeForwardPasses ?? 0) / reference.rows.at(-1)!.cumulativeForwardPasses).toFixed(1)}×`,
      `${formatRank(reference.curvature)} / ${formatRank(short.curvature)}`,
    ])
  }
}
printTable(
  [
    'preset',
    '>seed',
    '>η, HiSo / short',
    "HiSo's last loss",
    '>rounds, HiSo',
    '>rounds, short',
    '>fewer',
    '>bytes a round',
    '>forward passes',
    'rank correlation of H, HiSo / short',
  ],
  rows,
)

/** The test loss of the last round; infinite for a run that diverged. */
function lossOf({ record, rows: own }: PlayedRun): number {
  return record.status === 'finished' ? (own.at(-1)?.testLoss ?? Infinity) : Infinity
}

function bytesPerRound({ rows: own }: PlayedRun): number {
  const { cumulativeUplinkBytes, cumulativeDownlinkBytes } = own.at(-1)!
  return (cumulativeUplinkBytes + cumulativeDownlinkBytes) / own.length
}
