/**
 * What does the clock of a simulated network cost? A preset with short rounds, and the quadratic
 * with 1,000,000 clients, each with and without a network; the two sides take turns in one process.
 *
 * Run: npm run bench -- networkClock
 */
import { join } from 'node:path'
import { overrideConfig, parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf, presetConfig } from './play.ts'

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
        federation: { clients: 1_000_000, participants: 100, batchSize: 1 },
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
    for (const [side, own] of sides.entries()) measured[side]!.push(await roundMs(own))
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

/** The median round of a run, in milliseconds. */
function roundMs(config: RunConfig): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(host, config, join(folder, 'run'))
    const elapsed: number[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted') elapsed.push(event.row.elapsedMs)
    })
    const record = await run.play()
    if (record.status !== 'finished') throw new Error(record.error?.message)
    return medianOf(elapsed.map((at, round) => at - (elapsed[round - 1] ?? 0)).slice(warmUp))
  })
}
