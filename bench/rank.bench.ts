/**
 * Which rank do low-rank directions need, to lose no rounds against dense ones? Softmax regression
 * and an MLP on Fashion-MNIST, P = 20, the implicit step, each rank at the best of one grid of
 * rates.
 *
 * Run: npm run bench -- rank [softmax|mlp]…
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

const rates = [0.08, 0.16, 0.32]

const contender = (title: string, ...settings: readonly string[]): Contender => ({
  title,
  settings: ['method.name=decomfl', 'method.step=implicit', ...settings],
  rates,
})

const contenders = [
  contender('dense'),
  ...[1, 2, 4, 8].map((rank) =>
    contender(`rank ${rank}`, 'method.distribution=low-rank', `method.rank=${rank}`),
  ),
]

const tasks: Readonly<Record<string, readonly string[]>> = {
  softmax: ['task.model=softmax'],
  mlp: ['task.model=mlp', 'task.hidden=[32]'],
}

const host = createBenchHost()
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(tasks)) {
  const model = tasks[name]
  if (model === undefined) throw new Error(`there is no task ${name}`)
  await playContest(host, {
    preset: 'fashion-hiso-vs-decomfl',
    overrides: [...model, 'federation.rounds=120', 'evaluation.every=5', 'method.perturbations=20'],
    contenders,
    target: 0.75,
  })
}
