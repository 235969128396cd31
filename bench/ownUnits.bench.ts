/**
 * Does a diagonal Hessian pay where columns have units of their own, and where they are
 * standardised? HiSo by second differences, kept after its warm-up or not, beside DeComFL and the
 * implicit step.
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
  { title: 'HiSo, Eq. 11, frozen', settings: seconds(true), rates: geometric(0.0008, 6) },
  { title: 'HiSo, Eq. 11', settings: seconds(false), rates: geometric(0.0008, 6) },
]

const host = createBenchHost()
for (const [standardise, smallest] of [
  [false, 0.0001],
  [true, 0.00125],
] as const)
  await playContest(host, {
    preset: 'own-units',
    overrides: [`task.standardise=${standardise}`],
    contenders: contenders(smallest),
    target: 0.3,
  })
