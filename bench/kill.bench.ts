/**
 * Does a run that was killed end in the bits of one that was not? The real program, killed -9 at
 * random moments, resumed, perhaps killed again, until it is done; then state hash and log are
 * compared with the uninterrupted run's.
 *
 * Run: npm run bench -- kill [RUNS, 200 if left out] [SEED]
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { RandomStream } from '../core/random/index.ts'
import { printTable } from './markdown.ts'
import { hiso, inTemporaryFolder } from './play.ts'

/**
 * Small and quick: what is tried is the folder, the log and the rebuilding, which don't depend on
 * d.
 */
const quadratic = (name: string, workers: number) => ({
  name: 'kill',
  task: { kind: 'quadratic', dim: 500, heterogeneity: 0.1, gradientNoise: 0.01 },
  federation: {
    clients: 6,
    participants: 3,
    localSteps: 2,
    rounds: 60,
    batchSize: 1,
    dropout: 0.2,
  },
  method: { name, learningRate: 0.001, perturbations: 3 },
  evaluation: { every: 5 },
  compute: { workers },
})
const softmax = (name: string, workers: number) => ({
  name: 'kill',
  task: { dataset: 'mnist', model: 'softmax' },
  federation: { clients: 8, participants: 3, localSteps: 2, rounds: 40, batchSize: 8 },
  method: { name, learningRate: 0.01, perturbations: 3 },
  evaluation: { every: 5, samples: 250 },
  compute: { workers },
})
const configs = {
  'quadratic, HiSo, in the main thread': quadratic('hiso', 1),
  'quadratic, HiSo, 2 worker threads': quadratic('hiso', 2),
  'quadratic, DeComFL, in the main thread': quadratic('decomfl', 1),
  'quadratic, DeComFL, 2 worker threads': quadratic('decomfl', 2),
  'softmax on MNIST, HiSo, 2 worker threads': softmax('hiso', 2),
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

/** What a process was told to do, and what became of it. */
interface Ended {
  readonly code: number | null
  readonly wasKilled: boolean
  /** Rounds it told of. */
  readonly rounds: number
  readonly stderr: string
}

interface Tally {
  runs: number
  kills: number
  killsBeforeFirstRound: number
  restarts: number
  sameState: number
  sameLog: number
}

const [runs = 200, seed = 1] = process.argv.slice(2).map(Number)
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
    })
  }

  let next = 0
  const playLane = async () => {
    while (next < runs) await tryRun(next++)
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
    const trail = await playToTheEnd(tally, folder, index, new RandomStream(seed, 'objective', run))
    const result = existsSync(join(folder, 'run.json')) ? resultOf(folder) : undefined
    const reference = references.get(name)!
    if (result?.stateHash === reference.stateHash) tally.sameState++
    else failures.push(`run ${run} (${name}): ${trail.join(' → ')}`)
    if (result?.log.equals(reference.log) === true) tally.sameLog++
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

  function start(args: readonly string[], kill: Moment | undefined): Promise<Ended> {
    const child = spawn(process.execPath, [hiso, ...args, '--json'], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let rounds = 0
    let stderr = ''
    let timer: NodeJS.Timeout | undefined
    const arm = () => {
      if (kill === undefined || timer !== undefined) return
      if (kill.afterRounds !== undefined && rounds < kill.afterRounds) return
      timer = setTimeout(() => child.kill('SIGKILL'), kill.delayMs)
    }
    if (kill?.afterRounds === undefined) arm()
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"type":"roundCompleted"')) rounds++
      arm()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        resolve({ code, wasKilled: signal === 'SIGKILL', rounds, stderr })
      })
    })
  }
})

interface Moment {
  /** Rounds to wait for, of this process; undefined: do not wait for any. */
  readonly afterRounds: number | undefined
  readonly delayMs: number
}

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
