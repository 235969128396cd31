/**
 * Which rank do low-rank directions need, to lose no rounds against dense ones? Softmax regression
 * and an MLP on Fashion-MNIST, and opt-mail on mails with LoRA and in full, all by the implicit
 * step, each rank at the best of one grid of rates.
 *
 * Run: npm run bench -- rank [softmax|mlp|lora|full]…
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

interface Task {
  readonly preset: string
  readonly overrides: readonly string[]
  readonly rates: readonly number[]
  readonly ranks: readonly number[]
  readonly target: number
}

const fashion = (...model: readonly string[]): Task => ({
  preset: 'fashion-hiso-vs-decomfl',
  overrides: [...model, 'federation.rounds=120', 'evaluation.every=5', 'method.perturbations=20'],
  rates: [0.08, 0.16, 0.32],
  ranks: [1, 2, 4, 8],
  target: 0.75,
})

const mail = (trainables: string): Omit<Task, 'rates' | 'ranks'> => ({
  preset: 'spam-lora',
  overrides: [
    `task.trainables=${trainables}`,
    ...['federation.rounds=100', 'evaluation.every=5', 'evaluation.samples=200'],
  ],
  target: 0.5,
})

const tasks: Readonly<Record<string, Task>> = {
  softmax: fashion('task.model=softmax'),
  mlp: fashion('task.model=mlp', 'task.hidden=[32]'),
  // Its matrices are of rank 4 themselves: there r = 4 is dense.
  lora: {
    ...mail('{ kind: lora, rank: 4, alpha: 16 }'),
    rates: [0.05, 0.1, 0.2, 0.4],
    ranks: [1, 2],
  },
  full: { ...mail('{ kind: full }'), rates: [0.005, 0.01, 0.02, 0.04], ranks: [1, 4] },
}

const host = createBenchHost()
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(tasks)) {
  const task = tasks[name]
  if (task === undefined) throw new Error(`there is no task ${name}`)
  const { ranks, rates, ...contest } = task
  const contender = (title: string, ...settings: readonly string[]): Contender => ({
    title,
    settings: ['method.name=decomfl', 'method.step=implicit', ...settings],
    rates,
  })
  await playContest(host, {
    ...contest,
    contenders: [
      contender('dense'),
      ...ranks.map((rank) =>
        contender(`rank ${rank}`, 'method.distribution=low-rank', `method.rank=${rank}`),
      ),
    ],
  })
}
