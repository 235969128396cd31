/**
 * What do views cost a run in progress? One run goes on and on; once it has 100,000 rounds, its
 * pace is measured in turns: without views, with every request of every view at the app's own pace,
 * and with all of them one after the other without a pause, which is more than the app ever asks.
 * On a busy machine paces are of little worth: beside them stands the processor time that the
 * playing thread needs for a round.
 *
 * Run: npm run bench -- views [ROUNDS, 100000 if left out] [TURNS of each kind, 20 if left out]
 */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseRunConfig } from '../core/config/index.ts'
import {
  curvatureDefaults,
  Engine,
  type EngineArgument,
  type EngineRequestName,
} from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf } from './play.ts'

/** Of each turn; a view has answered many times in it, the slowest ones once. */
const turnMs = 3000
/** As in useRunInsight.ts: how often the app asks, and the share of time that answers may take. */
const pollMs = 1000
const readShare = 1 / 50

const [earlier = 100_000, turns = 20] = process.argv.slice(2).map(Number)

const config = parseRunConfig({
  name: 'views',
  task: { kind: 'quadratic', dim: 200 },
  federation: { clients: 8, participants: 4, localSteps: 2, rounds: 10_000_000, batchSize: 1 },
  method: { name: 'hiso', learningRate: 1e-5, perturbations: 2 },
  evaluation: { every: 10 },
  compute: { workers: 1 },
})

const host = createBenchHost()
await inTemporaryFolder(async (library) => {
  let rounds = 0
  let ended: () => void
  const whenEnded = new Promise<void>((resolve) => (ended = resolve))
  const engine = new Engine(host, (event) => {
    if (!('folder' in event)) return
    if (event.event.type === 'roundCompleted') rounds = event.event.row.round
    if (event.event.type === 'ended') ended()
  })
  const { folder } = await engine.request('startRun', { config, library })
  while (rounds < earlier) await wait(200)
  const rss = (): string => `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`
  console.log(`${rounds} rounds; this process takes ${rss()}`)

  const requests = everyRequest(folder, library)
  const took = new Map<string, number[]>(requests.map(([name]) => [name, []]))
  const ask = async ([name, argument]: Asked): Promise<number> => {
    const started = performance.now()
    await engine.request(name, argument(rounds) as never)
    const ms = performance.now() - started
    took.get(name)!.push(ms)
    return ms
  }
  const ratios = [newRatios("at the app's pace"), newRatios('without a pause')] as const
  const due = requests.map(() => 0)
  let next = 0
  for (let turn = 0; turn < turns; turn++) {
    const alone = await paceOf(async () => wait(turnMs))
    const atAppsPace = await paceOf(async () => {
      const end = performance.now() + turnMs
      while (performance.now() < end) {
        const tick = performance.now()
        for (const [at, request] of requests.entries())
          if (due[at]! <= tick) due[at] = tick + (await ask(request)) / readShare
        await wait(Math.max(0, Math.min(tick + pollMs, end) - performance.now()))
      }
    })
    const unpaused = await paceOf(async () => {
      const end = performance.now() + turnMs
      while (performance.now() < end) await ask(requests[next++ % requests.length]!)
    })
    for (const [at, watched] of [atAppsPace, unpaused].entries()) {
      ratios[at]!.paces.push(watched.pace / alone.pace)
      ratios[at]!.efforts.push(watched.cpuMs / alone.cpuMs)
    }
    console.log([alone, atAppsPace, unpaused].map(formatTurn).join(', '))
  }
  await engine.request('controlRun', { folder, action: 'stop' })
  await whenEnded

  for (const { title, paces, efforts } of ratios) {
    console.log(`\nWith views ${title}, of what it is without, median of ${turns} turns:`)
    console.log(`  pace: ${median(paces)}`)
    console.log(`  processor time of the playing thread for a round: ${median(efforts)}`)
  }
  console.log(`${rounds} rounds in the end; this process takes ${rss()}`)
  console.log(`Load average of the last minute: ${loadavg()[0]!.toFixed(1)}\n`)
  printTable(
    ['request', '>answers', '>median, ms'],
    Array.from(took, ([name, ms]) => [
      name,
      ms.length,
      ms.length === 0 ? '–' : medianOf(ms).toFixed(0),
    ]),
  )

  async function paceOf(during: () => Promise<void>): Promise<Turn> {
    const [before, cpuBefore, started] = [rounds, playingMs(), performance.now()]
    await during()
    const played = rounds - before
    return {
      pace: (played / (performance.now() - started)) * 1000,
      cpuMs: (playingMs() - cpuBefore) / played,
    }
  }
})
process.exit()

interface Ratios {
  readonly title: string
  readonly paces: number[]
  readonly efforts: number[]
}

function newRatios(title: string): Ratios {
  return { title, paces: [], efforts: [] }
}

interface Turn {
  /** Rounds per second. */
  readonly pace: number
  /** Of the playing thread, for a round; NaN where the system does not tell. */
  readonly cpuMs: number
}

function formatTurn({ pace, cpuMs }: Turn): string {
  return `${pace.toFixed(0)} rounds/s (${cpuMs.toFixed(3)} ms each)`
}

/** Processor time of this thread so far. */
function playingMs(): number {
  if (process.platform !== 'linux') return Number.NaN
  const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(ns) / 1e6
}

function median(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const share = (value: number) => `${(100 * value).toFixed(1)} %`
  return `${share(medianOf(sorted))} (${share(sorted[0]!)} to ${share(sorted.at(-1)!)})`
}

type Asked = readonly [name: EngineRequestName, argument: (rounds: number) => unknown]

/** Of Watch, Wire, Walk, Hessian, Runs, Compare and Export, each as the app asks it. */
function everyRequest(folder: string, library: string): readonly Asked[] {
  const of = <Name extends EngineRequestName>(
    name: Name,
    argument: (rounds: number) => EngineArgument<Name>,
  ): Asked => [name, argument]
  const newest = (rounds: number) => ({ folder, round: rounds - 2 })
  const range = (rounds: number) => ({ folder, from: rounds - 2000, to: rounds })
  return [
    of('listRuns', () => ({ library })),
    of('readRun', () => ({ folder })),
    of('readScalars', range),
    of('readParticipation', range),
    of('readLiveHessian', () => ({ folder })),
    of('readHessian', () => ({ folder, snapshots: 48 })),
    of('inspectRound', newest),
    of('inspectRound', () => ({ folder, round: 10 })),
    of('readWalk', newest),
    of('readDirection', (rounds) => ({ ...newest(rounds), localStep: 0, perturbation: 0 })),
    of('readMinibatch', (rounds) => ({
      folder,
      address: { client: 0, round: rounds - 2, localStep: 0 },
    })),
    of('examineCurvature', () => ({
      folder,
      settings: { ...curvatureDefaults, probes: 4, samples: 8 },
    })),
    of('exportRun', () => ({ folder, format: 'csv' })),
    of('exportRun', () => ({ folder, format: 'json' })),
    of('exportRun', () => ({ folder, format: 'hiso' })),
  ]
}
