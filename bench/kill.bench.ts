/**
 * Does a run that was killed end in the bits of one that was not? The real program, killed -9 at
 * random moments, resumed, perhaps killed again, until it is done; then state hash and log are
 * compared with the uninterrupted run's. Of each run one output is killed too, by turns: exports,
 * pack, import.
 *
 * Run: npm run bench -- kill [RUNS, 200 if left out] [SEED] [SECONDS after which no run begins]
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RandomStream } from '../core/random/index.ts'
import { unpackRun } from '../core/runs/index.ts'
import { outputs } from './killedOutput.ts'
import { startAndKill, type Ended, type Moment } from './killedProcess.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, hiso, inTemporaryFolder } from './play.ts'

const own = fileURLToPath(import.meta.url)
if (process.argv[2] === 'import') {
  const [file = '', library = ''] = process.argv.slice(3)
  const host = createBenchHost()
  await unpackRun(host, await host.files.read(file), library, file)
  process.exit()
}

/**
 * Small and quick: what is tried is the folder, the log and the rebuilding, which don't depend on
 * d.
 */
const quadratic = (method: object, workers: number, federation: object = {}) => ({
  name: 'kill',
  task: { kind: 'quadratic', dim: 500, heterogeneity: 0.1, gradientNoise: 0.01 },
  federation: {
    clients: 6,
    participants: 3,
    localSteps: 2,
    rounds: 60,
    batchSize: 1,
    dropout: 0.2,
    ...federation,
  },
  method: { learningRate: 0.001, ...method },
  evaluation: { every: 5 },
  compute: { workers },
})
const hisoMethod = { name: 'hiso', perturbations: 3 }
const images = (model: string, method: object, federation: object = {}) => ({
  name: 'kill',
  task: { dataset: 'mnist', model },
  federation: {
    clients: 8,
    participants: 4,
    localSteps: 2,
    rounds: 30,
    batchSize: 8,
    ...federation,
  },
  method: { learningRate: 0.01, ...method },
  evaluation: { every: 5, samples: 250 },
  compute: { workers: 2 },
})
const language = {
  name: 'kill',
  task: {
    kind: 'language',
    model: 'opt-mail',
    dataset: 'spam-mail',
    template: 'spam',
    maxLength: 16,
    trainables: { kind: 'lora', rank: 2, alpha: 4 },
  },
  federation: { clients: 4, participants: 2, localSteps: 1, rounds: 8, batchSize: 2 },
  method: { name: 'hiso', learningRate: 0.01, perturbations: 2 },
  evaluation: { every: 4, samples: 8 },
  compute: { workers: 1 },
}
const attackers = {
  attack: { kind: 'signFlip', share: 0.2, scale: 5 },
  aggregator: { kind: 'trimmedMean', attackers: 1 },
}
const privacy = { privacy: { kind: 'gaussian', clip: 1, noiseMultiplier: 1 } }
const configs = {
  'quadratic, HiSo, in the main thread': quadratic(hisoMethod, 1),
  'quadratic, DeComFL, 2 worker threads': quadratic({ name: 'decomfl', perturbations: 3 }, 2),
  'quadratic, SCAFFOLD: vectors': quadratic({ name: 'scaffold' }, 1),
  'softmax on MNIST, HiSo, 2 worker threads': images('softmax', hisoMethod),
  'CNN on MNIST, HiSo, 2 worker threads': images('cnn-mnist', hisoMethod, { rounds: 10 }),
  'softmax on MNIST, FedAvg: vectors': images('softmax', { name: 'fedavg' }),
  'softmax on MNIST, HiSo, attackers': images('softmax', hisoMethod, attackers),
  'softmax on MNIST, HiSo, private replies': images('softmax', { ...hisoMethod, ...privacy }),
  'language model, LoRA, HiSo': language,
}
type ConfigName = keyof typeof configs

/** Kills of one run, at most; then it may come to its end. */
const maximumKills = 2
/** Runs that go on at the same time: most of a process's life it waits for files, or opens. */
const lanes = 2
/**
 * A kill comes up to this long after the event that it waits for: about two rounds of the slower
 * task.
 */
const jitterMs = 25
/** A kill that waits for no event comes at any moment of this: opening takes about half of it. */
const earlyMs = 1500

interface Tally {
  runs: number
  kills: number
  killsBeforeFirstRound: number
  restarts: number
  sameState: number
  sameLog: number
  outputsKilled: number
  outputsRight: number
}

const [runs = 200, seed = 1, seconds = Infinity] = process.argv.slice(2).map(Number)
await inTemporaryFolder(async (home) => {
  const failures: string[] = []
  const tallies = new Map<ConfigName, Tally>()
  const references = new Map<ConfigName, Result>()
  const names = Object.keys(configs) as ConfigName[]
  for (const [index, name] of names.entries()) {
    writeFileSync(join(home, `${index}.json`), JSON.stringify(configs[name]))
    const folder = join(home, `whole-${index}`)
    const { code, stderr } = await start(['run', `${index}.json`, '--out', folder], undefined)
    if (code !== 0) throw new Error(stderr)
    references.set(name, resultOf(folder))
    tallies.set(name, {
      runs: 0,
      kills: 0,
      killsBeforeFirstRound: 0,
      restarts: 0,
      sameState: 0,
      sameLog: 0,
      outputsKilled: 0,
      outputsRight: 0,
    })
  }

  let next = 0
  const begun = performance.now()
  const playLane = async () => {
    const isInTime = () => performance.now() - begun < 1000 * seconds
    while (next < runs && isInTime()) await tryRun(next++)
  }
  await Promise.all(Array.from({ length: lanes }, playLane))

  printTable(
    [
      'config',
      '>runs',
      '>kills',
      '>of them before the first round',
      '>started anew',
      '>same state',
      '>same log',
      '>outputs killed',
      '>of them right',
    ],
    [
      ...tallies,
      ['all', [...tallies.values()].reduce((a, b) => sumOf(a, b))] as [string, Tally],
    ].map(([name, tally]) => [
      name,
      tally.runs,
      tally.kills,
      tally.killsBeforeFirstRound,
      tally.restarts,
      tally.sameState,
      tally.sameLog,
      tally.outputsKilled,
      tally.outputsRight,
    ]),
  )
  for (const failure of failures) console.log(failure)
  process.exitCode = failures.length === 0 ? 0 : 1

  async function tryRun(run: number): Promise<void> {
    const index = run % names.length
    const name = names[index]!
    const folder = join(home, `killed-${run}`)
    const tally = tallies.get(name)!
    tally.runs++
    const random = new RandomStream(seed, 'objective', run)
    const trail = await playToTheEnd(tally, folder, index, random)
    const result = existsSync(join(folder, 'run.json')) ? resultOf(folder) : undefined
    const reference = references.get(name)!
    if (result?.stateHash === reference.stateHash) tally.sameState++
    else failures.push(`run ${run} (${name}): ${trail.join(' → ')}`)
    if (result?.log.equals(reference.log) === true) tally.sameLog++
    await killOutput(tally, run, random)
    rmSync(folder, { recursive: true, force: true })
    if (process.stderr.isTTY) process.stderr.write(`\r${next} of ${runs}`)
  }

  /** Kills and resumes until the run has ended. @returns what happened, in order */
  async function playToTheEnd(
    tally: Tally,
    folder: string,
    index: number,
    random: RandomStream,
  ): Promise<string[]> {
    const trail: string[] = []
    const kills = 1 + random.below(maximumKills)
    let isAfresh = true
    for (let attempt = 0; attempt <= kills + maximumKills; attempt++) {
      const isLast = attempt >= kills
      const args = isAfresh ? ['run', `${index}.json`, '--out', folder] : ['resume', folder]
      const { wasKilled, code, rounds, stderr } = await start(
        args,
        isLast ? undefined : momentOf(random, index),
      )
      if (wasKilled) {
        trail.push(`${args[0]} killed after ${rounds} rounds`)
        tally.kills++
        if (rounds === 0) tally.killsBeforeFirstRound++
        if (isAfresh) isAfresh = !existsSync(join(folder, 'run.json'))
        if (isAfresh) tally.restarts++
        continue
      }
      trail.push(`${args[0]} ended with ${code}${code === 0 ? '' : `: ${stderr.trim()}`}`)
      return trail
    }
    return trail
  }

  /** When to kill: mostly some time after a random round, sometimes while it opens. */
  function momentOf(random: RandomStream, index: number): Moment {
    if (random.uniform() < 0.25)
      return { afterRounds: undefined, delayMs: random.uniform() * earlyMs }
    const { rounds } = configs[names[index]!].federation
    return { afterRounds: random.below(rounds), delayMs: random.uniform() * jitterMs }
  }

  /** Kills one way of giving the run away, and checks what is left and what comes then. */
  async function killOutput(tally: Tally, run: number, random: RandomStream): Promise<void> {
    const kinds = Object.entries(outputs)
    const [name, output] = kinds[Math.floor(run / names.length) % kinds.length]!
    const { wasKilled, problem } = await output({
      home,
      run: `killed-${run}`,
      moment: { afterRounds: undefined, delayMs: random.uniform() * earlyMs },
      program: (args, kill) => startAndKill(home, [hiso, ...args], kill),
      importScript: own,
    })
    if (!wasKilled) return
    tally.outputsKilled++
    if (problem === undefined) tally.outputsRight++
    else failures.push(`run ${run}: ${name} was killed, and ${problem}`)
  }

  function start(args: readonly string[], kill: Moment | undefined): Promise<Ended> {
    return startAndKill(home, [hiso, ...args, '--json'], kill)
  }
})

interface Result {
  readonly stateHash: string | undefined
  readonly log: Buffer
}

function resultOf(folder: string): Result {
  const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    readonly stateHash?: string
  }
  return { stateHash: record.stateHash, log: readFileSync(join(folder, 'scalars.log')) }
}

function sumOf(a: Tally, b: Tally): Tally {
  const keys = Object.keys(a) as (keyof Tally)[]
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as Tally
}
