/**
 * A whole federation on the analytic quadratic, in one thread, for tests: real frames, real
 * replicas, any number of workers.
 */
import { factsOfMethod, overrideConfig, parseRunConfig, type RunConfig } from '../config/index.ts'
import { planWorker } from '../engine/index.ts'
import {
  createReplica as replicaOf,
  createSharedState,
  createWorker,
  isPerCoordinate,
  playRound,
  replicaCapacity,
  Server,
  workerCapacity,
  WorkerPool,
  type AnyReplica,
  type Patience,
  type RoundResult,
  type SpawnWorker,
} from '../federation/index.ts'
import { createKernels, createPlainKernels, type Kernels } from '../kernels/index.ts'
import { createMethod, movesVectors, type TensorShape } from '../methods/index.ts'
import { createQuadraticObjective, type Objective } from '../model/index.ts'
import { decodeFrames } from '../wire/index.ts'
import { sha256 } from './memoryFiles.ts'

/** A small config that every method can run, changed by `key.path=value`. */
export function quadraticConfig(...overrides: readonly string[]): RunConfig {
  const config = {
    name: 'test',
    task: {
      kind: 'quadratic',
      dim: 101,
      spectrum: { kind: 'power-law' },
      heterogeneity: 0.1,
      gradientNoise: 0.05,
    },
    federation: { clients: 6, participants: 3, localSteps: 2, rounds: 20, batchSize: 4 },
    method: { name: 'hiso', learningRate: 0.01, perturbations: 4 },
    compute: { directionMemory: 256 },
    seed: 1,
  }
  return parseRunConfig(overrideConfig(config, overrides))
}

/** Overrides that give a method as many clients as it works with; none where any number will do. */
export function clientsOf(method: string): string[] {
  const exactly = factsOfMethod(method)?.clients?.exactly
  if (exactly === undefined) return []
  return [`federation.clients=${exactly}`, `federation.participants=${exactly}`]
}

export interface Federation {
  readonly server: Server
  readonly pool: WorkerPool
  round(): Promise<RoundResult>
  /** Plays all rounds of the config. */
  play(): Promise<readonly RoundResult[]>
  stateHash(): Promise<string>
}

export interface FederationOptions {
  readonly workers?: number
  readonly kernels?: 'plain' | 'wasm'
  /** Whether the workers update one state together, chunk by chunk, if the method lets them. */
  readonly shared?: boolean
  /** Log frames of an earlier federation, to go on from. */
  readonly log?: Uint8Array
  /** Needed by those that admit guests. */
  readonly patience?: Patience
  /** Wraps every worker that is started, for instance to make it die. */
  readonly wrap?: (spawn: SpawnWorker) => SpawnWorker
  /** Gives workers another objective than the quadratic, of the same d. */
  readonly replaceObjective?: (objective: Objective) => Objective
}

export function createFederation(config: RunConfig, options: FederationOptions = {}): Federation {
  const { workers = 1, kernels = 'wasm', shared = false, log } = options
  const { wrap = (spawn) => spawn, replaceObjective = (objective) => objective } = options
  if (config.task.kind !== 'quadratic') throw new Error('tests federate the quadratic')
  const { task, seed, federation } = config
  const isShared = shared && canShare(config)
  const makeKernels = (capacity: number): Kernels =>
    kernels === 'plain' ? createPlainKernels() : createKernels(capacity, isShared ? 'any' : 'own')
  const plan = { ...planWorker(config, task.dim, tensorsOf(task.dim)), isShared }
  const state =
    isShared && plan.protocol === 'scalar' ? createSharedState(plan, testChunk) : undefined
  const spawn: SpawnWorker = (worker) => {
    const objective = replaceObjective(createQuadraticObjective(task, seed))
    const own = makeKernels(workerCapacity(plan))
    const slot = state && { state, workerIndex: worker }
    return Promise.resolve(createWorker(plan, objective, own, sha256, slot))
  }
  const server = new Server(config, task.dim)
  if (log !== undefined) server.restore(decodeFrames(log))
  const pool = new WorkerPool(
    wrap(spawn),
    workers,
    () => server.log.since(0),
    () => {},
    isShared,
    options.patience,
  )
  const batchesPerCall = createQuadraticObjective(task, seed).batchesPerCall
  const round = () => playRound({ server, pool, batchesPerCall })
  return {
    server,
    pool,
    round,
    async play() {
      const results: RoundResult[] = []
      while (server.log.rounds < federation.rounds) results.push(await round())
      return results
    },
    stateHash: () => pool.first((worker) => worker.stateHash()),
  }
}

/**
 * Coordinates that are claimed together where a state is shared: few, so that there are several
 * chunks.
 */
const testChunk = 16

/** Whether a config's method lets workers update one state together. */
export function canShare({ method, federation }: RunConfig): boolean {
  return !movesVectors(method) && isPerCoordinate(createMethod(method, federation.rounds))
}

/** A tensor of rows for what there is one of seven for, and a vector. */
function tensorsOf(dim: number): TensorShape[] {
  const rows = Math.floor(dim / 7)
  return [
    { name: 'matrix', shape: [7, rows - 1] },
    { name: 'vector', shape: [dim - 7 * (rows - 1)] },
  ]
}

/** A replica at round 0 of a config's run, on its own kernels. */
export function createReplica(config: RunConfig): AnyReplica {
  if (config.task.kind !== 'quadratic') throw new Error('tests federate the quadratic')
  const plan = planWorker(config, config.task.dim, tensorsOf(config.task.dim))
  const objective = createQuadraticObjective(config.task, config.seed)
  return replicaOf(plan, createKernels(replicaCapacity(plan)), objective.initialParams())
}

export function hashOf({ params, hessian }: AnyReplica): string {
  const digest = sha256()
  for (const vector of [params, hessian])
    digest.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
  return digest.hex()
}
