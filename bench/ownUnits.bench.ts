/**
 * Where does a diagonal Hessian pay? Columns in units of their own, and the same standardised: HiSo
 * by second differences, kept after its warm-up or not, beside DeComFL and the implicit step.
 *
 * Run: npm run bench -- ownUnits
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

const geometric = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => Number((from * 2 ** i).toPrecision(3)))
const seconds = (freezes: boolean) => [
  'method.name=hiso',
  `method.hessian={ estimate: second-difference, warmUp: 40, freezeAfterWarmUp: ${freezes}, nu: 0.2, floor: 1.0e-6 }`,
]
const contenders = (smallest: number): readonly Contender[] => [
  { title: 'DeComFL', settings: ['method.name=decomfl'], rates: geometric(smallest, 7) },
  {
    title: 'DeComFL, implicit step',
    settings: ['method.name=decomfl-implicit'],
    rates: geometric(8 * smallest, 7),
  },
  { title: 'HiSo, Eq. 11, frozen', settings: seconds(true), rates: geometric(0.05, 5) },
  { title: 'HiSo, Eq. 11', settings: seconds(false), rates: geometric(0.05, 5) },
]

const host = createBenchHost()
for (const [preset, smallest] of [
  ['own-units', 0.0001],
  ['own-units-standardised', 0.00125],
] as const)
  await playContest(host, {
    preset,
    overrides: ['federation.rounds=200', 'evaluation.every=10'],
    contenders: contenders(smallest),
    target: 0.3,
  })
