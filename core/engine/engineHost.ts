/** What the engine needs besides `TaskHost`: other threads, and the hub. */
import type { Provider, RunConfig } from '../config/index.ts'
import type { Patience, RoundWorker, SharedState } from '../federation/index.ts'
import type { Cancellation, HubHost } from '../hub/index.ts'
import type { TaskHost, TaskReport } from '../tasks/index.ts'
import type { OpenCluster } from './cluster/cluster.ts'
import type { UsedPath } from './cluster/fileManifest.ts'
import type { ClientSeat, OwnPlaces } from './deploy/clientSeat.ts'
import type { Welcome } from './deploy/messages.ts'
import type { FederationHost } from './deploy/ways.ts'

/** What a worker reports when it has opened its task. */
export interface WorkerReport extends TaskReport {
  /** d */
  readonly dim: number
  readonly testSamples: number
  readonly batchesPerCall: number
  readonly pointsPerCall: number
  /** What the bits may depend on besides config and fingerprints. */
  readonly environment: Readonly<Record<string, string | number>>
  /** The state that this worker shares with those that start after it. */
  readonly state?: SharedState
  /** The files that the task was opened from; only where others may have to fetch them. */
  readonly usedPaths?: readonly UsedPath[]
}

/** What a worker knows of the workers that it shares a run with. */
export interface WorkerGroup {
  /** How many workers the run has. */
  readonly workers: number
  /** w, this one's index among them. */
  readonly workerIndex: number
  /** What the first worker has reported; undefined for the first. */
  readonly first: WorkerReport | undefined
}

export interface OpenedWorker {
  readonly worker: RoundWorker
  readonly report: WorkerReport
}

/**
 * Answers questions about files that may have come from anywhere, in a process that can be thrown
 * away. quarantine.ts knows the questions.
 */
export interface Quarantine {
  /** Whether another process answers; not in such a process itself, and not in tests in memory. */
  readonly isElsewhere: boolean
  /**
   * @param cancellation ends the process that reads for the question, whatever it is doing
   * @throws HisoError what the reader found wrong; FILE_UNREADABLE if it took more time or memory
   *   than files of that size need, or was cancelled
   */
  readonly ask: (name: string, question: unknown, cancellation?: Cancellation) => Promise<unknown>
}

/** @throws HisoError of whatever is wrong with the run; WORKER_DIED if the thread has died */
export type AnswerViews = (name: string, argument: unknown) => Promise<unknown>

/** How answers of views are to share the machine with runs in progress. */
export type ViewsPace = 'prompt' | 'patient'

export interface EngineHost extends TaskHost {
  /** Cores that workers may use. */
  readonly cores: number
  /** Memory of the machine. */
  readonly memoryBytes: number
  /** Memory that this process uses now. */
  residentBytes(): number
  /** Versions and machine, for the run's record. */
  readonly environment: Readonly<Record<string, string | number>>
  /** How many sessions may run in parallel on a provider, each in its own worker. */
  largestWorkerCount(provider: Exclude<Provider, 'auto'>): number
  /** Reads files that may have come from anywhere. */
  readonly quarantine: Quarantine
  /**
   * Answers what views ask of stored runs, on a thread that plays none. views.ts knows the names.
   * @param emit receives the events of long answers
   * @param pace `prompt`: people wait for the answers before they see anything; `patient`: runs in
   *   progress come first
   */
  openViews(emit: (event: unknown) => void, pace: ViewsPace): AnswerViews
  /** The source for downloads of models and texts, used on request. */
  readonly hub: HubHost
  /**
   * Opens the config's task in another thread; the worker stands at round 0.
   * @param group left out for a worker that works for itself
   * @throws HisoError of whatever is wrong with the task
   */
  startWorker(config: RunConfig, group?: WorkerGroup): Promise<OpenedWorker>
  /**
   * Opens a client of a federation in another thread, so that its connection answers while it
   * computes.
   * @throws HisoError FEDERATION_MISMATCH, and whatever is wrong with the data
   */
  startClient(welcome: Welcome, places: OwnPlaces): Promise<ClientSeat>
  /** Reaches the clients of a federation, through a message broker. */
  readonly federation: FederationHost
  /** Finds the machines that offer to work, through a message broker. */
  readonly openCluster: OpenCluster
  /** The clock by which a worker elsewhere is called slow. */
  readonly patience: Patience
}
