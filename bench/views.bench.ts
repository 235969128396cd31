/**
 * What does a view cost a run in progress? One run goes on and on; once it has 100,000 rounds, its
 * pace is measured by turns: alone, and with what one view asks, at the app's own pace. On a busy
 * machine paces are of little worth: beside them stands the processor time that the playing thread
 * needs for a round.
 * All are shares of what the run reaches alone.
 *
 * Run: npm run bench -- views [ROUNDS, 100000 if left out] [TURNS of each view, 7 if left out]
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

/** Of each turn; what takes longer is awaited. The first, in which a view opens, is told apart. */
const turnMs = 2500
/** As in useRunInsight.ts: how often the app asks, and the share of time that answers may take. */
const pollMs = 1000
const readShare = 1 / 50

const [earlier = 100_000, turns = 7] = process.argv.slice(2).map(Number)

const config = parseRunConfig({
  name: 'views',
  task: { kind: 'quadratic', dim: 20_000 },
  federation: { clients: 8, participants: 4, localSteps: 2, rounds: 10_000_000 },
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

  const took = new Map<string, number[]>()
  const ask = async (view: string, [name, argument]: Asked): Promise<number> => {
    const started = performance.now()
    await engine.request(name, argument(rounds) as never)
    const ms = performance.now() - started
    const key = `${view}: ${name}`
    took.set(key, [...(took.get(key) ?? []), ms])
    return ms
  }
  const views = Object.entries(viewsOf(folder, library)).map(([view, requests]) => ({
    view,
    requests,
    due: requests.map(() => 0),
    /** How long it was watched: when it asks again goes by this, not by the others' turns. */
    watchedMs: 0,
    paces: [] as number[],
    efforts: [] as number[],
  }))
  for (let turn = 0; turn < turns; turn++)
    for (const each of views) {
      const { view, requests, due, paces, efforts } = each
      const alone = await paceOf(async () => wait(turnMs))
      const openedAt = performance.now() - each.watchedMs
      const watchedMs = (): number => performance.now() - openedAt
      const watched = await paceOf(async () => {
        const end = watchedMs() + turnMs
        while (watchedMs() < end) {
          const tick = watchedMs()
          for (const [at, request] of requests.entries())
            if (due[at]! <= tick) due[at] = watchedMs() + (await ask(view, request)) / readShare
          await wait(Math.max(0, Math.min(tick + pollMs, end) - watchedMs()))
        }
      })
      each.watchedMs = watchedMs()
      paces.push(watched.pace / alone.pace)
      efforts.push(watched.cpuMs / alone.cpuMs)
    }
  await engine.request('controlRun', { folder, action: 'stop' })
  await whenEnded

  console.log(`${rounds} rounds in the end; this process takes ${rss()}`)
  console.log(`Load average of the last minute: ${loadavg()[0]!.toFixed(1)}\n`)
  printTable(
    ['view', '>pace as it opens', '>pace from then on', '>processor time of a round from then on'],
    views.map(({ view, paces, efforts }) => [
      view,
      share(paces[0]!),
      median(paces.slice(1)),
      median(efforts.slice(1)),
    ]),
  )
  console.log()
  printTable(
    ['request', '>answers', '>median, ms'],
    Array.from(took, ([key, all]) => [key, all.length, medianOf(all).toFixed(0)]),
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

interface Turn {
  /** Rounds per second. */
  readonly pace: number
  /** Of the playing thread, for a round; NaN where the system does not tell. */
  readonly cpuMs: number
}

/** Processor time of this thread so far. */
function playingMs(): number {
  if (process.platform !== 'linux') return Number.NaN
  const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(ns) / 1e6
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}

function median(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  return `${share(medianOf(sorted))} (${share(sorted[0]!)} to ${share(sorted.at(-1)!)})`
}

type Asked = readonly [name: EngineRequestName, argument: (rounds: number) => unknown]

/** What each view asks, as the app asks it. */
function viewsOf(folder: string, library: string): Readonly<Record<string, readonly Asked[]>> {
  const of = <Name extends EngineRequestName>(
    name: Name,
    argument: (rounds: number) => EngineArgument<Name>,
  ): Asked => [name, argument]
  const newest = (rounds: number) => ({ folder, round: rounds - 2 })
  const range = (rounds: number) => ({ folder, from: rounds - 2000, to: rounds })
  const settings = { ...curvatureDefaults, probes: 4, samples: 8 }
  return {
    Watch: [
      of('readRun', () => ({ folder })),
      of('readScalars', range),
      of('readParticipation', range),
      of('readLiveHessian', () => ({ folder })),
      of('readHessian', () => ({ folder, snapshots: 48 })),
    ],
    Wire: [of('inspectRound', newest), of('inspectRound', () => ({ folder, round: 10 }))],
    Walk: [
      of('readWalk', newest),
      of('readDirection', (rounds) => ({ ...newest(rounds), localStep: 0, perturbation: 0 })),
      of('readMinibatch', (rounds) => ({
        folder,
        address: { client: 0, round: rounds - 2, localStep: 0 },
      })),
    ],
    Hessian: [of('examineCurvature', () => ({ folder, settings }))],
    Runs: [of('listRuns', () => ({ library }))],
    Export: [
      of('exportRun', () => ({ folder, format: 'csv' })),
      of('exportRun', () => ({ folder, format: 'json' })),
      of('exportRun', () => ({ folder, format: 'hiso' })),
    ],
  }
}
