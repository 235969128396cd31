/**
 * What goes on top of the implicit step, at the same bytes? Many directions in four bits, momentum,
 * a cone around it, low-rank directions. Fashion-MNIST, softmax regression.
 *
 * Run: npm run bench -- further [short|directions]…
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

const rates = [0.01, 0.02, 0.04, 0.08, 0.16]
const contender = (title: string, name: string, ...settings: readonly string[]): Contender => ({
  title,
  settings: [`method.name=${name}`, ...settings],
  rates,
})
const lowRank = (rank: number) => ['method.distribution=low-rank', `method.rank=${rank}`]

/** Rounds, P of scalars in float32, and who plays. */
const tasks: Readonly<Record<string, readonly [number, readonly Contender[]]>> = {
  short: [
    50,
    [
      contender('HiSo, implicit, P = 20', 'hiso-implicit', 'method.perturbations=20'),
      contender('HiSo short, P = 160', 'hiso-short', 'method.perturbations=160'),
      contender(
        'HiSo short, implicit, P = 160',
        'hiso-short',
        'method.perturbations=160',
        'method.step=implicit',
      ),
    ],
  ],
  directions: [
    100,
    [
      contender('DeComFL, implicit', 'decomfl-implicit'),
      contender('the same, momentum 0.5', 'decomfl-implicit', 'method.momentum=0.5'),
      contender('the same, momentum 0.9', 'decomfl-implicit', 'method.momentum=0.9'),
      contender('the same, low-rank 1', 'decomfl-implicit', ...lowRank(1)),
      contender('the same, low-rank 4', 'decomfl-implicit', ...lowRank(4)),
      contender(
        'ConMeZO, implicit, β = 0.9',
        'conmezo',
        'method.step=implicit',
        'method.momentum=0.9',
      ),
      contender('Sparse MeZO ¼, implicit', 'sparse-mezo', 'method.step=implicit'),
    ].map((each) => ({ ...each, settings: [...each.settings, 'method.perturbations=20'] })),
  ],
}

const host = createBenchHost()
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(tasks)) {
  const task = tasks[name]
  if (task === undefined) throw new Error(`there is no task ${name}`)
  const [rounds, contenders] = task
  await playContest(host, {
    preset: 'fashion-hiso-vs-decomfl',
    overrides: [`federation.rounds=${rounds}`, 'evaluation.every=5'],
    contenders,
    target: 0.85,
  })
}
