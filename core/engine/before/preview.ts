/** What a config will give before it is run: its split, and the cost of a round. */
import type { RunConfig } from '../../config/index.ts'
import { smallClientNotices } from '../../data/index.ts'
import {
  snapshotShape,
  usualCatchUpBytes,
  forecastNetwork,
  playRound,
  Server,
  sharedCapacity,
  type NetworkForecast,
  workerCapacity,
  WorkerPool,
} from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import { openSamples, splitOf } from '../../tasks/index.ts'
import { planWorker, planWorkers } from '../play/openWorker.ts'
import { snapshotFrameBytes } from '../../wire/index.ts'
import { TrialWorker } from './trialWorker.ts'

/** The split of a config's training samples. */
export interface SplitPreview {
  readonly classes: readonly string[]
  /** Samples per client. */
  readonly sizes: Uint32Array
  /** Samples per client and class, row by client; [clients × classes]. */
  readonly table: Uint32Array
  /** How data and split were understood where that is not plain, for people. */
  readonly notices: readonly string[]
}

/** The cost of a run, measured by playing one of its rounds and discarding it. */
export interface RunEstimate {
  readonly dim: number
  readonly secondsPerRound: number
  /**
   * What all workers together add to the process, about: threads, frozen weights, vectors. Many
   * rows of a large model take more.
   */
  readonly memoryBytes: number
  readonly workers: number
  /**
   * Encoded bytes of all participants together in a steady round, with the average participation of
   * all clients.
   */
  readonly uplinkBytes: number
  readonly downlinkBytes: number
  readonly paperBytes: number
  /** What FedAvg sends in a round: the model down and back up for every participant, float32. */
  readonly fedAvgBytes: number
  /** Catch-up of each round that a participant has missed; undefined where nobody catches up. */
  readonly entryBytes?: number
  /** A snapshot in place of that, whatever was missed; undefined where a state fits into none. */
  readonly snapshotBytes?: number
  /** What a round takes on the simulated network; undefined without one. */
  readonly network?: NetworkForecast
}

/** @throws HisoError DATA_…, or CONFIG_INVALID for a task that has no samples to split */
export async function previewSplit(config: RunConfig, host: EngineHost): Promise<SplitPreview> {
  const samples = await openSamples(config, host)
  const split = splitOf(config, samples)
  return {
    classes: samples.classes,
    sizes: split.sizes,
    table: split.table(),
    notices: [...samples.notices, ...smallClientNotices(split, config.federation.batchSize)],
  }
}

/**
 * A worker's thread with its heap, the runtime, its part of the data and what lies between the
 * layers of a small model: 33 to 85 MB were measured. What the process takes more at the moment
 * tells nothing: it keeps what was freed before.
 */
const threadBytes = 64 * 2 ** 20

/** Of all workers together. */
function memoryOf(config: RunConfig, report: WorkerReport, workers: number): number {
  const isGrouped = typeof report.pass === 'number'
  const plan = planWorker(config, report.dim, report.trainables, workers, isGrouped)
  const vectors = workers * workerCapacity(plan) + sharedCapacity(plan)
  return workers * (threadBytes + report.graphBytes + (report.passBytes ?? 0)) + 4 * vectors
}

/**
 * Rounds that are played and discarded: the first warms up, the last is timed. One that takes
 * longer than this is enough alone.
 */
const trialRounds = 2
const trialMs = 1500

/**
 * More local steps of a d-dimensional method send no more bytes: if they would take long, only this
 * many are tried.
 */
const trialSteps = 4

/** @throws HisoError of whatever is wrong with the config */
export async function estimateRun(config: RunConfig, host: EngineHost): Promise<RunEstimate> {
  const { localSteps } = config.federation
  if (!movesVectors(config.method) || localSteps <= trialSteps)
    return tryRounds(config, localSteps, host)
  const found = await tryRounds(config, trialSteps, host)
  const roundMs = 1000 * found.secondsPerRound * found.workers
  return roundMs > 2 * trialMs ? found : tryRounds(config, localSteps, host)
}

/** @param localSteps how many of the config's are played; the others take as long each */
async function tryRounds(
  config: RunConfig,
  localSteps: number,
  host: EngineHost,
): Promise<RunEstimate> {
  const { federation } = config
  const { count } = planWorkers(config, host.cores)
  // Deadlines change who is counted, not what a participant costs.
  const network: RunConfig['network'] = { kind: 'none' }
  const tried = { ...config, network, federation: { ...federation, localSteps } }
  const { worker, report } = await host.startWorker(tried)
  const trial = new TrialWorker(worker, {
    now: () => host.now(),
    budgetMs: trialMs,
    stepsPerStep: federation.localSteps / localSteps,
  })
  const server = new Server(tried, report.dim)
  const pool = new WorkerPool(
    () => Promise.resolve(trial),
    1,
    () => server.log.since(0),
    () => {},
  )
  try {
    let secondsPerRound = 0
    let uplinkBytes = 0
    let openingBytes = 0
    let entryBytes = 0
    for (let round = 0; round < trialRounds && !trial.isShortened; round++) {
      if (round > 0) trial.playWhole()
      const started = host.now()
      const { batchesPerCall, pointsPerCall } = report
      const result = await playRound({ server, pool, batchesPerCall, pointsPerCall })
      if (trial.isShortened) await pool.catchUp()
      const isPart = trial.isShortened || localSteps < federation.localSteps
      const roundMs = isPart ? trial.roundMs : host.now() - started
      secondsPerRound = roundMs / 1000 / count
      uplinkBytes = result.bytes.uplinkBytes
      openingBytes = result.bytes.downlinkBytes - result.bytes.catchUpBytes
      entryBytes = result.entry.length
    }
    const forecast = forecastNetwork(config, report.dim)
    const shape = snapshotShape(config, report.dim)
    return {
      dim: report.dim,
      secondsPerRound,
      memoryBytes: memoryOf(config, report, count),
      workers: count,
      uplinkBytes,
      downlinkBytes:
        openingBytes +
        (server.exchange.catchesUp
          ? federation.participants * usualCatchUpBytes(config, entryBytes, report.dim)
          : 0),
      paperBytes: server.exchange.paperBytes(0, federation.participants),
      fedAvgBytes: 2 * 4 * federation.participants * report.dim,
      ...(server.exchange.catchesUp && { entryBytes }),
      ...(shape && { snapshotBytes: snapshotFrameBytes(federation.rounds, shape, 0) }),
      ...(forecast && { network: forecast }),
    }
  } finally {
    await pool.close()
  }
}
