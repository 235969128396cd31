/**
 * What do d numbers cost beside scalars? Fashion-MNIST, 8 clients, one IID split for all: bytes of all clients together, both ways, until 80% of the
 * test images are right, for FedAvg (all clients take part, 50 or 200 local steps) and HiSo (2 take part, scalars of four bits), on MLPs of growing d.
 *
 * Run: npm run bench -- firstOrder [WIDTH…]
 */
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig, type PlayedRun } from './play.ts'

const widths = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [32]
const target = 0.8
const host = createBenchHost()
const rows: string[][] = []
for (const width of widths) {
  const onModel = (preset: string, ...overrides: string[]) =>
    play(
      host,
      presetConfig(preset, 'task.model=mlp', `task.hidden=[${width}]`, 'seed=1', ...overrides),
    )
  const hiso = await onModel(
    'fashion-hiso-vs-decomfl',
    'federation.participants=2',
    'federation.rounds=900',
    'method.perturbations=100',
    'method.learningRate=0.01',
    'method.precision=int4',
    'method.aggregatePrecision=int4',
    'evaluation.every=10',
  )
  const scalars = bytesTo(hiso)
  rows.push(row(width, 'HiSo', hiso, scalars))
  for (const localSteps of [50, 200]) {
    const fedAvg = await onModel(
      'fashion-fedavg',
      `federation.localSteps=${localSteps}`,
      'federation.rounds=12',
      'evaluation.every=1',
    )
    const vectors = bytesTo(fedAvg)
    rows.push(row(width, `FedAvg, τ = ${localSteps}`, fedAvg, vectors, vectors / scalars))
  }
}
printTable(
  [
    '>width',
    '>d',
    'method',
    '>rounds to 80%',
    '>bytes to 80%',
    '>FedAvg / HiSo',
    '>best accuracy',
    '>seconds',
  ],
  rows,
)

function row(width: number, method: string, run: PlayedRun, bytes: number, ratio?: number) {
  const best = Math.max(...run.rows.map(({ testAccuracy }) => testAccuracy ?? 0))
  return [
    String(width),
    // An MLP's weights and biases: 784 pixels, 10 classes.
    (width * (784 + 1) + 10 * (width + 1)).toLocaleString('en'),
    method,
    String(reached(run)?.round ?? '–'),
    bytes === Infinity ? '–' : bytes.toLocaleString('en'),
    ratio === undefined || !Number.isFinite(ratio) ? '' : ratio.toFixed(0),
    `${(100 * best).toFixed(1)}%`,
    (run.rows.at(-1)!.elapsedMs / 1000).toFixed(0),
  ]
}

function bytesTo(run: PlayedRun): number {
  const at = reached(run)
  return at === undefined ? Infinity : at.cumulativeUplinkBytes + at.cumulativeDownlinkBytes
}

function reached({ rows: all }: PlayedRun) {
  return all.find(({ testAccuracy }) => (testAccuracy ?? 0) >= target)
}
