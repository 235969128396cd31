/**
 * Where does a round's time go? Presets and the settings a, b, c: rounds per second with one and with two worker threads, then the share of each part
 * in one thread, and how near the two large ones come to what the machine can do.
 *
 * Run: npm run bench -- rounds [NAME…], presets or a, b, c
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { openTask, planWorker, Run, type EngineHost } from '../core/engine/index.ts'
import type { RunConfig } from '../core/config/index.ts'
import {
  LocalWorker,
  playRound,
  Server,
  workerCapacity,
  WorkerPool,
} from '../core/federation/index.ts'
import { createKernels } from '../core/kernels/index.ts'
import { printTable } from './markdown.ts'
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

/** Multiplications and additions of one sample's forward pass, dense and convolutional layers only. */
const megaflops: Readonly<Record<string, number>> = {
  softmax: (2 * 784 * 10) / 1e6,
  mlp: (2 * (784 * 32 + 32 * 10)) / 1e6,
  'cnn-mnist': (2 * (28 * 28 * 16 * 25 + 14 * 14 * 32 * 16 * 25 + 1568 * 10)) / 1e6,
  'cnn-fashion': (2 * (26 * 26 * 32 * 9 + 24 * 24 * 64 * 32 * 9 + 9216 * 128 + 128 * 62)) / 1e6,
}

interface Shares {
  readonly roundMs: number
  readonly forwardMs: number
  readonly batchesMs: number
  readonly directionsMs: number
  readonly updateMs: number
  readonly forwardPasses: number
  readonly dim: number
}

const host = createBenchHost()
await inTemporaryFolder(async (folder) => {
  const wanted = process.argv.slice(2)
  const configs = [
    ...presets.map((name) => ({ name, config: presetConfig(name) })),
    ...speedSettings(folder, 1000),
  ].filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  const speeds = []
  const parts = []
  for (const { name, config } of configs) {
    const one: number[] = []
    const two: number[] = []
    const inThread: Shares[] = []
    for (let turn = 0; turn < turns; turn++) {
      one.push(await roundMsOf(withWorkers(config, 1)))
      two.push(await roundMsOf(withWorkers(config, 2)))
      inThread.push(await sharesOf(config))
    }
    const median = (key: keyof Shares) => medianOf(inThread.map((it) => it[key]))
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
    const rest =
      total -
      median('forwardMs') -
      median('batchesMs') -
      median('directionsMs') -
      median('updateMs')
    const { task, federation, method } = config
    const flops = task.kind === 'classification' ? megaflops[task.model] : undefined
    // Every direction is drawn, whitened and added once per minibatch group, and read once more in the update.
    const elements = method.perturbations * federation.localSteps * median('dim')
    parts.push([
      name,
      total.toFixed(2),
      share(median('forwardMs')),
      share(median('batchesMs')),
      share(median('directionsMs')),
      share(median('updateMs')),
      share(rest),
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
    evaluation: { every: 100_000, samples: 1 },
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

/** The same rounds in this thread, with a stop-watch around each part. */
async function sharesOf(config: RunConfig): Promise<Shares> {
  const watch = { forwardMs: 0, objectiveMs: 0, lossesMs: 0, updateMs: 0 }
  const timed = async <Result>(key: keyof typeof watch, work: () => Promise<Result>) => {
    const began = cpuMs()
    const result = await work()
    watch[key] += cpuMs() - began
    return result
  }
  const watching: EngineHost = {
    ...host,
    openSession: async (graph, provider) => {
      const { session, ...rest } = await host.openSession(graph, provider)
      return {
        ...rest,
        session: {
          run: (...args) => timed('forwardMs', () => session.run(...args)),
          release: () => session.release(),
        },
      }
    },
  }
  const { objective, trainables } = await openTask(config, watching)
  const plan = planWorker(config, objective.dim, trainables)
  const kernels = createKernels(workerCapacity(plan))
  const worker = new LocalWorker(
    plan,
    {
      ...objective,
      losses: (...args) => timed('objectiveMs', () => objective.losses(...args)),
    },
    kernels,
    () => host.sha256(),
  )
  const server = new Server(config)
  const watched = {
    apply: (frames: Uint8Array) => timed('updateMs', () => worker.apply(frames)),
    losses: (order: Parameters<typeof worker.losses>[0]) =>
      timed('lossesMs', () => worker.losses(order)),
    evaluate: worker.evaluate.bind(worker),
    stateHash: worker.stateHash.bind(worker),
    params: worker.params.bind(worker),
    hessian: worker.hessian.bind(worker),
    close: worker.close.bind(worker),
  }
  const pool = new WorkerPool(
    () => Promise.resolve(watched),
    1,
    () => server.log.since(0),
    () => {},
  )
  const { batchesPerCall } = objective
  let rounds = 0
  let forwardPasses = 0
  let began = 0
  do {
    if (rounds === warmUp) {
      for (const key of Object.keys(watch) as (keyof typeof watch)[]) watch[key] = 0
      forwardPasses = 0
      began = cpuMs()
    }
    const result = await playRound({ server, pool, batchesPerCall })
    forwardPasses += result.forwardPasses
    rounds++
  } while (rounds <= warmUp + 1 || cpuMs() - began < measureMs / 2)
  const played = rounds - warmUp
  const roundMs = (cpuMs() - began) / played
  await pool.close()
  const { forwardMs, objectiveMs, lossesMs, updateMs } = watch
  // An objective without an inference runtime is its own forward pass.
  const hasSession = forwardMs > 0
  return {
    roundMs,
    forwardMs: (hasSession ? forwardMs : objectiveMs) / played,
    batchesMs: hasSession ? (objectiveMs - forwardMs) / played : 0,
    directionsMs: (lossesMs - objectiveMs) / played,
    updateMs: updateMs / played,
    forwardPasses: forwardPasses / played,
    dim: objective.dim,
  }
}
