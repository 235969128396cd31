/**
 * What does the clock of a simulated network cost? A preset with short rounds, and the quadratic
 * with 1,000,000 clients, each with and without a network; the two sides take turns in one process.
 *
 * Run: npm run bench -- networkClock
 */
import { overrideConfig, parseRunConfig } from '../core/config/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, medianOf, medianRoundMs, presetConfig } from './play.ts'

const turns = 9
/** Rounds for caches, compilation and buffers to settle. */
const warmUp = 40
const rounds = 240
const network = ['network.kind=lte', 'devices.spread=3', 'devices.availability=0.9']
const common = [`federation.rounds=${rounds}`, `evaluation.every=${rounds}`, 'compute.workers=1']

const quadratic = (...overrides: readonly string[]) =>
  parseRunConfig(
    overrideConfig(
      {
        name: 'clients',
        task: { kind: 'quadratic', dim: 1000, heterogeneity: 0.1, gradientNoise: 0.01 },
        federation: { clients: 1_000_000, participants: 100 },
        method: { name: 'hiso', learningRate: 1e-3, perturbations: 5 },
      },
      overrides,
    ),
  )

const settings = [
  {
    title: 'stragglers, 6 of 60 clients',
    config: (...overrides: readonly string[]) => presetConfig('stragglers', ...overrides),
  },
  { title: 'quadratic, 100 of 1,000,000 clients', config: quadratic },
]

const host = createBenchHost()
const rows: string[][] = []
for (const { title, config } of settings) {
  const sides = [config(...common), config(...common, ...network)]
  const measured = sides.map((): number[] => [])
  for (let turn = 0; turn < turns; turn++)
    for (const [side, own] of sides.entries())
      measured[side]!.push(await medianRoundMs(host, own, warmUp))
  const ratios = measured[1]!.map((ms, turn) => ms / measured[0]![turn]!)
  const [without, timed] = measured.map(medianOf)
  rows.push([
    title,
    without!.toFixed(3),
    timed!.toFixed(3),
    medianOf(ratios).toFixed(3),
    `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
  ])
}
printTable(['setting', '>ms a round', '>with a network', '>ratio', 'of single turns'], rows)
