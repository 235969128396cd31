/**
 * Times this machine: noise, forward passes per provider, rounds per number of workers, and where a
 * round's time goes.
 */
import { cpus } from 'node:os'
import { parseRunConfig, builtInModels, type RunConfig } from '../core/config/index.ts'
import {
  openWorkers,
  planWorkers,
  profileRound,
  type EngineHost,
  type RoundProfile,
} from '../core/engine/index.ts'
import { playRound, Server } from '../core/federation/index.ts'
import { createKernels } from '../core/kernels/index.ts'
import { buildModel } from '../core/model/index.ts'
import { resolveProvider } from '../platform/index.ts'

export interface MachineBench {
  readonly cpu: string
  readonly cores: number
  readonly environment: EngineHost['environment']
  readonly noise: { readonly kernels: string; readonly millionNormalsPerSecond: number }
  readonly models: readonly ModelBench[]
  /** Of one worker, in processor time. */
  readonly rounds: readonly ({ readonly model: string } & RoundProfile)[]
  readonly tookMs: number
}

export interface ModelBench {
  readonly model: string
  /** d on MNIST */
  readonly dim: number
  readonly providers: readonly {
    readonly provider: string
    /** Minibatches of 32 in the plain graph, one after the other, in one session. */
    readonly passesPerSecond?: number
    readonly obstacle?: string
  }[]
  /** Whole rounds: forward passes and everything around them. */
  readonly workers: readonly { readonly workers: number; readonly passesPerSecond: number }[]
  /** What a config with `auto` gets. */
  readonly chosen: {
    readonly provider: string
    readonly providerReason: string
    readonly workers: number
    readonly workersReason: string
  }
}

const noiseChunk = 1 << 16
const noiseMs = 300
/** Per model and number of workers. */
const roundsMs = 700
const budgetMs = 700
/** By the wall, for the parts of one model's round: on a busy machine that is sooner over. */
const wallMs = 2000

/**
 * Takes well under a minute on two cores, also when other programs keep them busy. @param tell what
 * is being measured
 */
export async function benchMachine(
  host: EngineHost,
  tell: (what: string) => void,
): Promise<MachineBench> {
  const began = host.now()
  tell('noise')
  const noise = noiseRate(host)
  const models: ModelBench[] = []
  for (const model of builtInModels) {
    tell(model)
    models.push(await benchModel(model, host))
  }
  const rounds: ({ readonly model: string } & RoundProfile)[] = []
  for (const model of builtInModels) {
    tell(`a round of ${model}`)
    const until = host.now() + wallMs
    const isEnough = () => host.now() > until
    const profile = await profileRound(configOf(model), host, { clock, budgetMs, isEnough })
    rounds.push({ model, ...profile })
  }
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: host.cores,
    environment: host.environment,
    noise,
    models,
    rounds,
    tookMs: host.now() - began,
  }
}

/**
 * Processor time of this process in milliseconds, which others on the machine can't stretch much.
 */
function clock(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The best of many chunks: other work on the machine only ever adds to the time. */
function noiseRate(host: EngineHost): MachineBench['noise'] {
  const kernels = createKernels(noiseChunk)
  const out = kernels.vector(noiseChunk)
  const began = host.now()
  let least = Infinity
  while (host.now() - began < noiseMs) {
    const before = host.now()
    kernels.noise(out, 'gaussian', { seed: 1, perturbation: 0 }, 0, 1)
    least = Math.min(least, host.now() - before)
  }
  return { kernels: kernels.name, millionNormalsPerSecond: noiseChunk / least / 1000 }
}

async function benchModel(model: BuiltIn, host: EngineHost): Promise<ModelBench> {
  const graph = buildModel(model, { featureShape: [1, 28, 28], classes: 10, hidden: [32] }, 0)
  const { provider, reason, trials } = await resolveProvider('auto', graph)
  const config = configOf(model)
  const planned = planWorkers(config, host.cores).count
  const chosen = Math.min(planned, host.largestWorkerCount(provider))
  const counts = [...new Set([1, 2, host.cores, chosen])]
    .filter((count) => count <= Math.max(chosen, host.cores))
    .sort((a, b) => a - b)
  const workers: { workers: number; passesPerSecond: number }[] = []
  for (const count of counts)
    workers.push({ workers: count, passesPerSecond: await passRate(config, count, host) })
  const workersReason =
    chosen < planned ? `${provider} takes one session at a time` : 'one per core'
  return {
    model,
    dim: graph.dim,
    providers: trials.map(({ provider: name, runMs, obstacle }) => ({
      provider: name,
      ...(runMs === undefined ? {} : { passesPerSecond: 1000 / runMs }),
      ...(obstacle === undefined ? {} : { obstacle }),
    })),
    workers,
    chosen: {
      provider,
      providerReason: reason,
      workers: chosen,
      workersReason,
    },
  }
}

/** Forward passes per second of whole rounds on the CPU, run folder and evaluations left out. */
async function passRate(config: RunConfig, count: number, host: EngineHost): Promise<number> {
  const server = new Server(config)
  const own = { ...config, compute: { ...config.compute, workers: count } }
  const { pool, report } = await openWorkers(host, own, server)
  const { batchesPerCall } = report
  try {
    await playRound({ server, pool, batchesPerCall })
    let passes = 0
    const began = host.now()
    do {
      passes += (await playRound({ server, pool, batchesPerCall })).forwardPasses
    } while (host.now() - began < roundsMs)
    await pool.catchUp()
    return (1000 * passes) / (host.now() - began)
  } finally {
    await pool.close()
  }
}

type BuiltIn = (typeof builtInModels)[number]

/** A usual round: 4 of 8 clients with minibatches of 32, 10 perturbations. */
const configOf = (model: BuiltIn) =>
  parseRunConfig({
    name: 'bench',
    task: { dataset: 'mnist', model },
    federation: { clients: 8, participants: 4, rounds: 1_000_000, batchSize: 32 },
    method: { name: 'hiso', learningRate: 1e-4, perturbations: 10 },
    compute: { provider: 'cpu', workers: 'auto' },
  })
