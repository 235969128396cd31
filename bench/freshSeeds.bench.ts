/**
 * The implicit step on seeds that no rate was chosen on, where a whole grid takes too long: rates
 * are those that were found before, on seed 365.
 *
 * Run: npm run bench -- freshSeeds [mnist|spam]…
 */
import { playContest, type Contender } from './contest.ts'
import { createBenchHost } from './play.ts'

const contender = (title: string, name: string, ...rates: readonly number[]): Contender => ({
  title,
  settings: [`method.name=${name}`],
  rates,
})

const tasks = {
  mnist: {
    preset: 'mnist-hiso',
    overrides: ['federation.rounds=150', 'evaluation.every=5'],
    contenders: [
      contender('DeComFL', 'decomfl', 0.04),
      contender('HiSo', 'hiso', 0.02),
      contender('DeComFL, implicit step', 'decomfl-implicit', 0.08),
      contender('HiSo, implicit step', 'hiso-implicit', 0.02, 0.04, 0.08),
    ],
    target: 1,
  },
  spam: {
    preset: 'spam-hiso-vs-decomfl',
    overrides: ['evaluation.every=10'],
    contenders: [
      contender('DeComFL', 'decomfl', 0.05),
      contender('DeComFL, implicit step', 'decomfl-implicit', 0.1),
      contender('HiSo', 'hiso', 0.035),
      contender('HiSo, implicit step', 'hiso-implicit', 0.07),
    ],
    target: 0.5,
  },
} as const

const host = createBenchHost()
const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : Object.keys(tasks)) {
  if (!Object.hasOwn(tasks, name)) throw new Error(`there is no task ${name}`)
  await playContest(host, tasks[name as keyof typeof tasks])
}
