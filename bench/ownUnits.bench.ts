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
const learned = (name: string, freezes: boolean) => [
  `method.name=${name}`,
  `method.hessian={ estimate: second-difference, warmUp: 60, freezeAfterWarmUp: ${freezes}, nu: 0.3, floor: 1.0e-9 }`,
]
const contenders = (smallest: number): readonly Contender[] => [
  { title: 'DeComFL', settings: ['method.name=decomfl'], rates: geometric(smallest, 4) },
  {
    title: 'DeComFL, implicit step',
    settings: ['method.name=decomfl-implicit'],
    rates: geometric(4 * smallest, 4),
  },
  { title: 'HiSo, Eq. 11, kept', settings: learned('hiso', true), rates: geometric(0.005, 5) },
  {
    title: 'HiSo, Eq. 11, kept, implicit step',
    settings: learned('hiso-implicit', true),
    rates: geometric(0.0075, 4),
  },
  {
    title: 'HiSo, Eq. 11, learning on',
    settings: learned('hiso', false),
    rates: geometric(0.00125, 4),
  },
]

const host = createBenchHost()
for (const [standardise, smallest] of [
  [false, 0.0008],
  [true, 0.02],
] as const)
  await playContest(host, {
    preset: 'own-units',
    overrides: [`task.standardise=${standardise}`],
    contenders: contenders(smallest),
    target: 0.3,
  })
