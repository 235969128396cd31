/**
 * What do d numbers cost beside scalars? Fashion-MNIST, an MLP of 1.6 million parameters, 8
 * clients, one IID split: bytes of all clients together, both ways, until 80% of the test images
 * are right, for the preset fashion-kilobytes and for FedAvg. Writes
 * docs/images/bytes-to-target.svg.
 *
 * Run: npm run bench -- firstOrder [--seed S]; half an hour for HiSo, a few minutes for FedAvg
 */
import { parseArgs } from 'node:util'
import { formatBytes } from '../cli/units.ts'
import { bestOf, reach, type Target } from '../core/runs/index.ts'
import { logBars, writeFigure, type Bar } from './figure.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig, type PlayedRun } from './play.ts'

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } })
const target: Target = { metric: 'testAccuracy', value: 0.8 }
const fedAvg = (participants: number, localSteps: number) => ({
  title: `FedAvg, ${participants} of 8, τ = ${localSteps}`,
  color: '#c2580c',
  preset: 'fashion-fedavg',
  overrides: [
    'task.hidden=[2048]',
    `federation.participants=${participants}`,
    `federation.localSteps=${localSteps}`,
    'federation.rounds=12',
    'evaluation.every=1',
    'evaluation.samples=10000',
  ],
})
const contestants = [
  { title: 'HiSo, 2 of 8, τ = 80', color: '#0f7b5f', preset: 'fashion-kilobytes', overrides: [] },
  fedAvg(2, 200),
  fedAvg(8, 200),
  fedAvg(8, 50),
]

const host = createBenchHost()
const rows: string[][] = []
const bars: Bar[] = []
let scalars = Infinity
for (const { title, color, preset, overrides } of contestants) {
  const config = presetConfig(preset, `seed=${values.seed}`, 'compute.workers=1', ...overrides)
  const run = await play(host, config, target)
  const bytes = bytesTo(run)
  if (rows.length === 0) scalars = bytes
  rows.push([
    title,
    run.record.model.dim.toLocaleString('en'),
    String(reach(run.rows, target)?.rounds ?? '–'),
    Number.isFinite(bytes) ? bytes.toLocaleString('en') : '–',
    (bytes / scalars).toLocaleString('en', { maximumFractionDigits: 0 }),
    `${(100 * (bestOf(run.rows, 'testAccuracy') ?? 0)).toFixed(1)}%`,
    (run.rows.at(-1)!.elapsedMs / 1000).toFixed(0),
  ])
  if (Number.isFinite(bytes)) bars.push({ title, color, value: bytes, label: formatBytes(bytes) })
  console.error(rows.at(-1)!.join('  '))
}
printTable(['method', '>d', '>rounds', '>bytes', '>÷ HiSo', '>best accuracy', '>seconds'], rows)
writeFigure(
  'bytes-to-target',
  logBars(
    'Bytes to 80% on Fashion-MNIST',
    {
      label: 'bytes of all clients, both ways, to 80% of the test images',
      from: 3,
      to: 9,
      format: (bytes) => formatBytes(bytes).replace(/\.0+ /, ' '),
    },
    bars,
  ),
)

/** Infinity where the target was not reached. */
function bytesTo({ rows: all }: PlayedRun): number {
  const reached = reach(all, target)
  return reached === undefined ? Infinity : reached.uplinkBytes + reached.downlinkBytes
}
