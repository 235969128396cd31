/**
 * What do the methods of other papers, and low-rank directions, do for the same bytes?
 * Fashion-MNIST, softmax regression and an MLP, P = 20, each method at the best of one grid of
 * rates.
 *
 * Run: npm run bench -- rivals [softmax|mlp]…
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

const rates = [0.005, 0.01, 0.02, 0.04]
/** A direction's scalar is divided by losses and not by slopes. */
const lossRates = rates.map((rate) => rate / 1000)

const contender = (title: string, name: string, ...settings: readonly string[]): Contender => ({
  title,
  settings: [`method.name=${name}`, ...settings],
  rates: name === 'fzoo' ? lossRates : rates,
})

const lowRank = (rank: number) => ['method.distribution=low-rank', `method.rank=${rank}`]
const contenders = [
  contender('DeComFL', 'decomfl'),
  contender('DeComFL, low-rank 1', 'decomfl', ...lowRank(1)),
  contender('DeComFL, low-rank 4', 'decomfl', ...lowRank(4)),
  contender('FZOO', 'fzoo'),
  contender('ConMeZO, β = 0.99', 'conmezo'),
  contender('ConMeZO, β = 0.9', 'conmezo', 'method.momentum=0.9'),
  contender('Sparse MeZO, ¼', 'sparse-mezo'),
  contender(
    'MEERKAT, ¼ after 10 rounds',
    'meerkat',
    'method.trainedShare=0.25',
    'method.maskRounds=10',
  ),
  contender('HiSo', 'hiso'),
  contender('HiSo, paramwise', 'hiso-paramwise'),
]

const tasks: Readonly<Record<string, readonly string[]>> = {
  softmax: ['task.model=softmax'],
  mlp: ['task.model=mlp', 'task.hidden=[32]'],
}

const host = createBenchHost()
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : ['softmax']) {
  const model = tasks[name]
  if (model === undefined) throw new Error(`there is no task ${name}`)
  await playContest(host, {
    preset: 'fashion-hiso-vs-decomfl',
    overrides: [...model, 'federation.rounds=100', 'evaluation.every=5', 'method.perturbations=20'],
    contenders,
    target: 1,
  })
}
