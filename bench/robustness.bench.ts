/**
 * What do attackers, coarse scalars and private ones cost? Fashion-MNIST, softmax regression;
 * accuracy at the end, mean ± standard deviation over seeds.
 *
 * Run: npm run bench -- robustness [PART…], parts being the keys of `parts` below; all of them if
 * none is named
 */
import type { MethodName } from '../core/config/index.ts'
import { summarize, type MetricsRow } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

const preset = 'fashion-hiso-vs-decomfl'
const seeds = [1, 2, 3]
const flipSeeds = [1, 2]
/**
 * The preset's rate, the one that makes up for steps of 0.6 times the length, and half as much
 * again.
 */
const flipRates = [0.007, 0.0117, 0.0175]
/** Ten clients, all of them every round. */
const ten = [
  'federation.clients=10',
  'federation.participants=10',
  'federation.rounds=300',
  'evaluation.samples=10000',
  'evaluation.every=300',
  'compute.workers=1',
]
const aggregators = {
  mean: '{ kind: mean }',
  median: '{ kind: median }',
  'trimmed mean, b = 2': '{ kind: trimmedMean, attackers: 2 }',
  'Krum, f = 2': '{ kind: krum, attackers: 2 }',
  'multi-Krum, f = 2, 6 of 10': '{ kind: krum, attackers: 2, selected: 6 }',
} as const
const attacks = {
  nobody: '{ kind: none }',
  noise: '{ kind: gaussian, share: 0.2 }',
  'sign flip × 5': '{ kind: signFlip, share: 0.2, scale: 5 }',
  'against trimmed mean': '{ kind: trim, share: 0.2 }',
  'against Krum': '{ kind: krum, share: 0.2 }',
  colluding: '{ kind: colluding, share: 0.2 }',
} as const
const attackNames = Object.keys(attacks) as (keyof typeof attacks)[]
/**
 * One bit a direction; the best of the rates 0.002, 0.005, 0.01, 0.02 and 0.04 for honest clients,
 * seed 1.
 */
const signs = [
  'method={ name: feedsign, learningRate: 0.02, perturbations: 20 }',
  'method.learningRateSchedule={ kind: cosine }',
]
const vectors = (name: 'fedavg' | 'scaffold') => [
  'federation.rounds=60',
  'evaluation.every=60',
  'federation.localSteps=5',
  `method={ name: ${name}, learningRate: 0.05 }`,
]
const titles: Partial<Record<MethodName, string>> = { hiso: 'HiSo', decomfl: 'DeComFL' }

const parts: Readonly<Record<string, () => Promise<void>>> = {
  'flips-hiso': () => flips('hiso', 1),
  'flips-decomfl': () => flips('decomfl', 1),
  'strong-flips-hiso': () => flips('hiso', 5),
  'strong-flips-decomfl': () => flips('decomfl', 5),
  'tuned-flips-honest': () => tunedFlips('nobody', 'mean'),
  'tuned-flips-mean': () => tunedFlips('2 of 10', 'mean'),
  'tuned-flips-median': () => tunedFlips('2 of 10', 'median'),
  'tuned-flips-trimmed': () => tunedFlips('2 of 10', 'trimmed mean, b = 2'),
  'flips-fedavg': fedavgFlips,
  'attacks-crude': () => compareAttacks('HiSo', ['nobody', 'noise', 'sign flip × 5']),
  'attacks-crafted': () =>
    compareAttacks('HiSo', ['against trimmed mean', 'against Krum', 'colluding']),
  'attacks-feedsign': () => compareAttacks('FeedSign', attackNames, signs),
  'attacks-scaffold': () => compareAttacks('SCAFFOLD', attackNames, vectors('scaffold')),
  precision,
  privacy,
}

const host = createBenchHost()
const wanted = process.argv.slice(2)
for (const name of wanted.length === 0 ? Object.keys(parts) : wanted) {
  const part = parts[name]
  if (part === undefined) throw new Error(`no part "${name}": ${Object.keys(parts).join(', ')}`)
  await part()
}

/**
 * @param scale what the flipped scalars are multiplied by; from (10 − 2) / 2 on the mean points
 *   uphill
 */
async function flips(method: 'hiso' | 'decomfl', scale: number): Promise<void> {
  console.log(
    `${titles[method]}, 2 of 10 clients send −${scale} × their scalars; 1,000 rounds, accuracy in %, seeds ${flipSeeds.join(' ')}\n`,
  )
  const own = [...ten, `method.name=${method}`, 'federation.rounds=1000', 'evaluation.every=1000']
  const rows = [['nobody', 'mean', spread(await accuracies(own, flipSeeds))]]
  for (const title of ['mean', 'median', 'trimmed mean, b = 2'] as const) {
    const attacked = [
      ...own,
      `federation.aggregator=${aggregators[title]}`,
      `federation.attack={ kind: signFlip, share: 0.2, scale: ${scale} }`,
    ]
    rows.push(['2 of 10', title, spread(await accuracies(attacked, flipSeeds))])
  }
  printTable(['attackers', 'aggregator', '>accuracy, %'], rows)
}

/**
 * Two flipped replies of ten make the mean 0.6 times as long, and robust rules shorten it too: so
 * each rule has its rate chosen from the same three, on one seed, and is then played with the
 * others.
 */
async function tunedFlips(attackers: 'nobody' | '2 of 10', title: keyof typeof aggregators) {
  console.log(
    `DeComFL, ${attackers} send −1 × their scalars, ${title}; 1,000 rounds, accuracy in %\n`,
  )
  const own = [
    ...ten,
    'method.name=decomfl',
    'federation.rounds=1000',
    'evaluation.every=1000',
    `federation.aggregator=${aggregators[title]}`,
    ...(attackers === 'nobody' ? [] : ['federation.attack={ kind: signFlip, share: 0.2 }']),
  ]
  const [tuning, ...others] = seeds
  const tried = []
  for (const rate of flipRates) {
    const [reached] = await accuracies([...own, `method.learningRate=${rate}`], [tuning!])
    tried.push({ rate, reached: reached! })
  }
  const best = tried.reduce((one, other) => (other.reached > one.reached ? other : one))
  const rest = await accuracies([...own, `method.learningRate=${best.rate}`], others)
  printTable(
    [
      'attackers',
      'aggregator',
      ...flipRates.map((rate) => `>η = ${rate}, seed ${tuning}`),
      '>best η',
      '>accuracy, %',
    ],
    [
      [
        attackers,
        title,
        ...tried.map(({ reached }) => reached.toFixed(1)),
        String(best.rate),
        spread([best.reached, ...rest]),
      ],
    ],
  )
}

/** The same attack on whole vectors. */
async function fedavgFlips(): Promise<void> {
  console.log('FedAvg, η = 0.05, τ = 5, 60 rounds, accuracy in %, seeds 1 2\n')
  const own = [...ten, ...vectors('fedavg')]
  const rows = [['nobody', 'mean', spread(await accuracies(own, flipSeeds))]]
  for (const scale of [1, 5])
    for (const title of ['mean', 'median', 'trimmed mean, b = 2'] as const) {
      const attacked = [
        `federation.aggregator=${aggregators[title]}`,
        `federation.attack={ kind: signFlip, share: 0.2, scale: ${scale} }`,
      ]
      rows.push([
        `−${scale} × vectors`,
        title,
        spread(await accuracies([...own, ...attacked], flipSeeds)),
      ])
    }
  printTable(['attackers send', 'aggregator', '>accuracy, %'], rows)
}

async function compareAttacks(
  title: string,
  names: readonly (keyof typeof attacks)[],
  method: readonly string[] = [],
): Promise<void> {
  console.log(
    `${title}, 2 of 10 clients attack; 300 rounds (60 of whole vectors), accuracy in %, seeds ${seeds.join(' ')}\n`,
  )
  const rows = []
  for (const name of names) {
    const row: string[] = [name]
    for (const aggregator of Object.values(aggregators)) {
      const both = [`federation.aggregator=${aggregator}`, `federation.attack=${attacks[name]}`]
      row.push(spread(await accuracies([...ten, ...method, ...both], seeds)))
    }
    rows.push(row)
  }
  printTable(['attack', ...Object.keys(aggregators).map((title) => `>${title}`)], rows)
}

async function precision(): Promise<void> {
  console.log('HiSo, the preset with 500 rounds (8 clients, P = 20), seeds 1 2 3\n')
  const rows = []
  let exact: readonly number[] = []
  for (const format of ['float32', 'float16', 'bfloat16', 'int8']) {
    const runs = await playAll([
      'federation.rounds=500',
      'evaluation.samples=10000',
      'evaluation.every=500',
      `method.precision=${format}`,
    ])
    const reached = runs.map(lastAccuracy)
    if (format === 'float32') exact = reached
    const { participants, uplinkBytes, cumulativeUplinkBytes } = runs[0]!.at(-1)!
    rows.push([
      format,
      uplinkBytes / participants,
      cumulativeUplinkBytes.toLocaleString('en-US'),
      spread(reached),
      reached.map((value, index) => (value - exact[index]!).toFixed(2)).join(' '),
    ])
  }
  printTable(
    ['precision', '>bytes per reply', '>bytes up in all', '>accuracy, %', '>less float32, by seed'],
    rows,
  )
}

async function privacy(): Promise<void> {
  console.log('HiSo, 30 of 300 clients, 200 rounds, P = 5, replies clipped to C = 2, seed 1\n')
  const federation = [
    'federation={ clients: 300, participants: 30, localSteps: 1, rounds: 200, batchSize: 32 }',
    'method.perturbations=5',
    'evaluation.samples=10000',
    'evaluation.every=200',
  ]
  const rows = [['none', '∞', spread(await accuracies(federation, [1]))]]
  for (const noise of [2, 4, 8, 16, 32]) {
    const runs = await playAll(
      [
        ...federation,
        `method.privacy={ kind: gaussian, clip: 2, noiseMultiplier: ${noise}, delta: 1e-5 }`,
      ],
      [1],
    )
    rows.push([
      String(noise),
      spread(runs.map((run) => run.at(-1)!.epsilon ?? NaN)),
      spread(runs.map(lastAccuracy)),
    ])
  }
  printTable(['>noise multiplier σ', '>ε at δ = 1e-5', '>accuracy, %'], rows)
}

async function accuracies(overrides: readonly string[], of = seeds): Promise<number[]> {
  return (await playAll(overrides, of)).map(lastAccuracy)
}

async function playAll(
  overrides: readonly string[],
  of = seeds,
): Promise<(readonly MetricsRow[])[]> {
  const all = []
  for (const seed of of) {
    const { rows, record } = await play(host, presetConfig(preset, ...overrides, `seed=${seed}`))
    if (record.status === 'failed' && record.error?.code !== 'LOSS_NOT_FINITE')
      throw new Error(record.error?.message)
    all.push(record.status === 'failed' ? [] : rows)
  }
  return all
}

/** In percent; a run that diverged has none, which counts as guessing. */
function lastAccuracy(rows: readonly MetricsRow[]): number {
  return 100 * (rows.at(-1)?.testAccuracy ?? 0.1)
}

function spread(values: readonly number[]): string {
  const { mean, std } = summarize(values)
  return values.length === 1 ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${std.toFixed(1)}`
}
