/**
 * Where a round's time goes: rounds played in the calling thread and discarded, with a stopwatch
 * around each part.
 */
import type { RunConfig } from '../../config/index.ts'
import {
  createWorker,
  playRound,
  Server,
  workerCapacity,
  WorkerPool,
  type LossOrder,
  type RoundWorker,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import type { LossSession } from '../../model/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { planWorker } from '../play/openWorker.ts'
import { taskOf } from '../../tasks/index.ts'

/** Milliseconds are those of the clock that was given, per round. */
export interface RoundProfile {
  /** d */
  readonly dim: number
  /** Minibatch losses in a round. */
  readonly forwardPasses: number
  readonly roundMs: number
  /** In the inference runtime; the whole objective where there is none. */
  readonly forwardMs: number
  /** Gathering minibatches. */
  readonly batchesMs: number
  /** Making directions and writing x ± μz: noise and memory traffic. */
  readonly directionsMs: number
  /** Applying the log: x stepped, H learned. */
  readonly updateMs: number
  /** The rest: messages, the server, the ledger. */
  readonly protocolMs: number
  /** The same calls of the inference runtime, repeated with nothing in between. */
  readonly pureForwardMs: number
}

export interface ProfileOptions {
  /** Milliseconds since some moment: of processor time, or of the wall. */
  readonly clock: () => number
  /** Rounds are played for about this long. */
  readonly budgetMs: number
  /**
   * Asked after every round: whether it has taken long enough by another clock too. Processor time
   * passes slowly on a busy machine. Each part is measured at least once.
   */
  readonly isEnough?: () => boolean
}

const warmUpRounds = 3

type Call = Parameters<LossSession['run']>

/**
 * Plays rounds of a config without a run folder and without evaluations.
 * @throws HisoError of whatever is wrong with the config
 */
export async function profileRound(
  config: RunConfig,
  host: EngineHost,
  { clock, budgetMs, isEnough = () => false }: ProfileOptions,
): Promise<RoundProfile> {
  const watch = { forward: 0, objective: 0, losses: 0, update: 0 }
  const timed = async <Result>(part: keyof typeof watch, work: () => Promise<Result>) => {
    const began = clock()
    const result = await work()
    watch[part] += clock() - began
    return result
  }
  let sessionInUse: LossSession | undefined
  let calls: Call[] | undefined = []
  const watching: EngineHost = {
    ...host,
    openSession: async (graph, compute) => {
      const { session, ...rest } = await host.openSession(graph, compute)
      sessionInUse = session
      const run = (...call: Call) => {
        const [params, features, labels, wantsCorrect] = call
        calls?.push([params, features.slice(), labels.slice(), wantsCorrect])
        return timed('forward', () => session.run(...call))
      }
      return { ...rest, session: { run, release: () => session.release() } }
    },
  }
  const { objective, trainables } = await taskOf(config.task).open(config, watching)
  const plan = planWorker(config, objective.dim, trainables)
  const timedObjective = {
    ...objective,
    losses: (...args: Parameters<typeof objective.losses>) =>
      timed('objective', () => objective.losses(...args)),
    sampleLosses: (...args: Parameters<typeof objective.sampleLosses>) =>
      timed('objective', () => objective.sampleLosses(...args)),
  }
  const worker = createWorker(plan, timedObjective, createKernels(workerCapacity(plan)), () =>
    host.sha256(),
  )
  const server = new Server(config, objective.dim)
  const pool = new WorkerPool(
    () => Promise.resolve(watched(worker, timed)),
    1,
    () => server.log.since(0),
    () => {},
  )
  try {
    let forwardPasses = 0
    const { batchesPerCall } = objective
    const pointsPerCall = objective.grouped?.pointsPerCall
    const play = async () => {
      forwardPasses += (await playRound({ server, pool, batchesPerCall, pointsPerCall }))
        .forwardPasses
    }
    for (let round = 0; round < warmUpRounds; round++) {
      calls = []
      await play()
      if (isEnough()) break
    }
    const callsOfARound = calls
    calls = undefined
    Object.assign(watch, { forward: 0, objective: 0, losses: 0, update: 0 })
    forwardPasses = 0
    const began = clock()
    let rounds = 0
    do {
      await play()
      rounds++
    } while (clock() - began < budgetMs && !isEnough())
    await pool.catchUp()
    const roundMs = (clock() - began) / rounds
    const { forward, objective: losses, losses: probes, update } = watch
    const forwardMs = (sessionInUse === undefined ? losses : forward) / rounds
    const batchesMs = losses / rounds - forwardMs
    const directionsMs = (probes - losses) / rounds
    const updateMs = update / rounds
    return {
      dim: objective.dim,
      forwardPasses: forwardPasses / rounds,
      roundMs,
      forwardMs,
      batchesMs,
      directionsMs,
      updateMs,
      protocolMs: roundMs - forwardMs - batchesMs - directionsMs - updateMs,
      pureForwardMs:
        sessionInUse === undefined
          ? forwardMs
          : await repeat(sessionInUse, callsOfARound, { clock, budgetMs: budgetMs / 2, isEnough }),
    }
  } finally {
    await pool.close()
  }
}

async function repeat(
  session: LossSession,
  calls: readonly Call[],
  { clock, budgetMs, isEnough }: Required<ProfileOptions>,
): Promise<number> {
  const began = clock()
  let times = 0
  do {
    for (const call of calls) await session.run(...call)
    times++
  } while (clock() - began < budgetMs && !isEnough())
  return (clock() - began) / times
}

/** The worker with its losses and its updates timed. */
function watched(
  worker: RoundWorker,
  timed: <Result>(part: 'losses' | 'update', work: () => Promise<Result>) => Promise<Result>,
): RoundWorker {
  return new Proxy<RoundWorker>(worker, {
    get: (target, name: keyof RoundWorker) => {
      if (name === 'apply')
        return (frames: Uint8Array) => timed('update', () => target.apply(frames))
      if (name === 'losses' || name === 'sampleLosses')
        return (order: LossOrder) => timed('losses', async () => target[name](order))
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}
