/**
 * Where does a round's time go? Presets and the settings a, b, c: rounds per second with one and
 * with two worker threads, then the share of each part in one thread, the round against the pure
 * forward passes that it contains, and how near the two large parts come to what the machine can
 * do.
 *
 * Run: npm run bench -- rounds [NAME…], presets or a, b, c
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { profileRound, Run, type RoundProfile } from '../core/engine/index.ts'
import type { RunConfig } from '../core/config/index.ts'
import { printTable } from './markdown.ts'
import { largestRate, megaflops } from './multiplications.ts'
import { createBenchHost, inTemporaryFolder, medianOf, presetConfig } from './play.ts'
import { speedSettings } from './settings.ts'

/** Rounds per measurement: as many as fit. */
const measureMs = 2000
const warmUp = 3
const turns = 3

const presets = [
  'quickstart',
  'mnist-hiso',
  'fashion-hiso-vs-decomfl',
  'stragglers',
  'quadratic-low-rank',
]

const host = createBenchHost()
await inTemporaryFolder(async (folder) => {
  const wanted = process.argv.slice(2)
  const configs = [
    ...presets.map((name) => ({ name, config: presetConfig(name) })),
    ...speedSettings(folder, 1000),
  ].filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  if (configs.length === 0)
    throw new Error(
      `no setting called ${wanted.join(', ')}: ${[...presets, 'a', 'b', 'c'].join(', ')}`,
    )
  const limit = await largestRate(1)
  const speeds = []
  const parts = []
  for (const { name, config } of configs) {
    const one: number[] = []
    const two: number[] = []
    const inThread: RoundProfile[] = []
    for (let turn = 0; turn < turns; turn++) {
      one.push(await roundMsOf(withWorkers(config, 1)))
      two.push(await roundMsOf(withWorkers(config, 2)))
      inThread.push(await profileRound(config, host, { clock: cpuMs, budgetMs: measureMs / 2 }))
    }
    const median = (key: keyof RoundProfile) => medianOf(inThread.map((it) => it[key]))
    const [oneMs, twoMs] = [medianOf(one), medianOf(two)]
    speeds.push([
      name,
      median('dim').toLocaleString('en'),
      oneMs.toFixed(2),
      twoMs.toFixed(2),
      `${(oneMs / twoMs).toFixed(2)}×`,
      (1000 / twoMs).toFixed(0),
    ])
    const total = median('roundMs')
    const share = (ms: number) => `${((100 * ms) / total).toFixed(0)}%`
    const { task, federation, method } = config
    const flops = task.kind === 'classification' ? megaflops[task.model] : undefined
    // Every direction is drawn, whitened and added once per minibatch group, and read once more in
    // the update.
    const perturbations = 'perturbations' in method ? method.perturbations : 0
    const elements = perturbations * federation.localSteps * median('dim')
    parts.push([
      name,
      total.toFixed(2),
      share(median('forwardMs')),
      share(median('batchesMs')),
      share(median('directionsMs')),
      share(median('updateMs')),
      share(median('protocolMs')),
      (total / median('pureForwardMs')).toFixed(2),
      flops === undefined
        ? '–'
        : ((flops * median('forwardPasses') * federation.batchSize) / median('forwardMs')).toFixed(
            1,
          ),
      (elements / (median('directionsMs') + median('updateMs')) / 1e3).toFixed(0),
    ])
    console.error(`${name} done`)
  }
  console.log(`Load average of the last minute: ${loadavg()[0]!.toFixed(1)}`)
  console.log(`Products of large matrices, one thread: ${limit.toFixed(0)} GFLOP/s`)
  console.log('Whole rounds, the run folder written, evaluation left out\n')
  printTable(['setting', '>d', '>1 worker, ms', '>2 workers, ms', '>faster', '>rounds/s'], speeds)
  console.log('One thread, its parts in processor time; the last two columns are rates\n')
  printTable(
    [
      'setting',
      '>round, CPU ms',
      '>forward passes',
      '>minibatches',
      '>directions',
      '>update',
      '>protocol',
      '>round / pure forward passes',
      '>forward, GFLOP/s',
      '>directions + update, M elements/s',
    ],
    parts,
  )
})

function withWorkers(config: RunConfig, workers: number): RunConfig {
  return {
    ...config,
    // Only the last round is evaluated, and there is always one more than are played.
    federation: { ...config.federation, rounds: 100_000 },
    evaluation: { ...config.evaluation, every: 100_000, samples: 1 },
    compute: { ...config.compute, workers },
  }
}

/** The median round of the real thing. */
async function roundMsOf(config: RunConfig): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(host, config, join(folder, 'run'))
    const elapsed: number[] = []
    run.listen((event) => {
      if (event.type !== 'roundCompleted') return
      elapsed.push(event.row.elapsedMs)
      const isLongEnough = event.row.elapsedMs > measureMs / 2 && elapsed.length > 2 * warmUp
      if (isLongEnough || elapsed.length > 5000) run.stop()
    })
    const record = await run.play()
    if (record.status !== 'stopped') throw new Error(record.error?.message ?? record.status)
    return medianOf(elapsed.map((at, round) => at - (elapsed[round - 1] ?? 0)).slice(warmUp))
  })
}

/** Processor time of this process, which others on the machine can't stretch. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
