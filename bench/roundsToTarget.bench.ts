/**
 * Does HiSo need fewer rounds than DeComFL, over ν, P, τ and α? Fashion-MNIST, softmax regression,
 * 8 of 8 clients, constant learning rates: rounds to 70% of the test images, evaluated every second
 * round. Each method at each setting has its rate chosen from one grid, on one seed, by the fewest
 * rounds; then three other seeds. Writes docs/images/rounds-to-target.svg.
 *
 * Run: npm run bench -- roundsToTarget
 */
import { reach, summarize, type Target } from '../core/runs/index.ts'
import { spreadFigure, writeFigure } from './figure.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play, presetConfig } from './play.ts'

const target: Target = { metric: 'testAccuracy', value: 0.7 }
const mostRounds = 600
const rates = [0.0025, 0.005, 0.01, 0.02, 0.04, 0.08]
const tuningSeed = 365
const seeds = [1, 2, 3]

const settings: Readonly<Record<string, readonly string[]>> = {
  'ν = 0.05, P = 20, τ = 1, IID': [],
  'ν = 0.01': ['method.hessian.nu=0.01'],
  'ν = 0.2': ['method.hessian.nu=0.2'],
  'P = 5': ['method.perturbations=5'],
  'P = 80': ['method.perturbations=80'],
  'τ = 2': ['federation.localSteps=2'],
  'τ = 5': ['federation.localSteps=5'],
  'α = 1': ['split={ kind: dirichlet, alpha: 1 }'],
  'α = 0.1': ['split={ kind: dirichlet, alpha: 0.1 }'],
}
const methods = {
  hiso: { title: 'HiSo', color: '#4150d0' },
  decomfl: { title: 'DeComFL', color: '#c2580c' },
} as const
type Name = keyof typeof methods
const names = Object.keys(methods) as Name[]

interface Found {
  readonly rate: number
  /** Of each seed; Infinity where the target was not reached. */
  readonly rounds: readonly number[]
}

const host = createBenchHost()
/** DeComFL has no ν: what a config differs in is what it has. */
const known = new Map<string, Found>()
const found = new Map<string, Readonly<Record<Name, Found>>>()
for (const [title, overrides] of Object.entries(settings)) {
  const hiso = await tuned('hiso', overrides)
  const decomfl = await tuned('decomfl', overrides)
  found.set(title, { hiso, decomfl })
  console.error(title, 'HiSo', hiso, 'DeComFL', decomfl)
}

console.log(
  `Rounds to ${100 * target.value}%, mean ± standard deviation of seeds ${seeds.join(', ')}; rates from ${rates.join(', ')}\n`,
)
printTable(
  ['setting', '>HiSo', '>η', '>DeComFL', '>η', '>DeComFL / HiSo'],
  [...found].map(([title, { hiso, decomfl }]) => [
    title,
    spread(hiso),
    hiso.rate,
    spread(decomfl),
    decomfl.rate,
    ratio(decomfl, hiso),
  ]),
)
writeFigure(
  'rounds-to-target',
  spreadFigure({
    title: `Rounds to ${100 * target.value}% accuracy: three seeds, each method at its best learning rate`,
    label: 'rounds',
    series: names.map((name) => ({
      ...methods[name],
      values: [...found].map(([, of]) => of[name].rounds.filter(Number.isFinite)),
    })),
    rows: [...found.keys()],
  }),
)

async function tuned(name: Name, overrides: readonly string[]): Promise<Found> {
  const own = [
    ...overrides.filter((it) => name === 'hiso' || !it.startsWith('method.hessian')),
    `method.name=${name}`,
  ]
  const before = known.get(own.join())
  if (before !== undefined) return before
  let best = { rate: rates[0]!, rounds: Infinity }
  for (const rate of rates) {
    // Beyond the fewest so far a rate can't win.
    const rounds = await roundsTo(own, rate, tuningSeed, Math.min(best.rounds, mostRounds))
    if (rounds < best.rounds) best = { rate, rounds }
  }
  const rounds = []
  for (const seed of seeds) rounds.push(await roundsTo(own, best.rate, seed, mostRounds))
  const result = { rate: best.rate, rounds }
  known.set(own.join(), result)
  return result
}

/**
 * @returns Infinity where the target is not reached within `limit` rounds, or the run has diverged
 */
async function roundsTo(
  overrides: readonly string[],
  rate: number,
  seed: number,
  limit: number,
): Promise<number> {
  const config = presetConfig(
    'fashion-hiso-vs-decomfl',
    'method.learningRateSchedule={ kind: constant }',
    `federation.rounds=${limit}`,
    'evaluation.every=2',
    'compute.workers=1',
    ...overrides,
    `method.learningRate=${rate}`,
    `seed=${seed}`,
  )
  const { rows } = await play(host, config, target)
  return reach(rows, target)?.rounds ?? Infinity
}

function spread({ rounds }: Found): string {
  const arrived = rounds.filter(Number.isFinite)
  if (arrived.length === 0) return `> ${mostRounds}`
  const { mean, std } = summarize(arrived)
  const all = arrived.length === rounds.length ? '' : ` (${arrived.length} of ${rounds.length})`
  return `${mean.toFixed(0)} ± ${std.toFixed(0)}${all}`
}

function ratio(above: Found, below: Found): string {
  if ([...above.rounds, ...below.rounds].includes(Infinity)) return '–'
  return (summarize(above.rounds).mean / summarize(below.rounds).mean).toFixed(2)
}
