/** What the engine needs besides `Host`: an inference runtime and other threads to work in. */
import type { Host } from '../base/index.ts'
import type { ComputeSettings, Layout, Provider, RunConfig } from '../config/index.ts'
import type { SharedSequences } from '../data/index.ts'
import type { RoundWorker, SharedState } from '../federation/index.ts'
import type { HubHost } from '../hub/index.ts'
import type {
  GraphRunner,
  LossSession,
  OpenGradientSession,
  Residency,
  ResidentTensors,
  TrainableGraph,
} from '../model/index.ts'

export interface OpenedSession {
  readonly session: LossSession
  /** Where forward passes run. */
  readonly provider: Exclude<Provider, 'auto'>
  /** How convolutions keep their data. */
  readonly layout: Exclude<Layout, 'auto'>
  /** What the user should know about the choice, a line each. */
  readonly notices: readonly string[]
}

export interface OpenedRunner extends Pick<OpenedSession, 'provider' | 'notices'> {
  readonly runner: GraphRunner
}

/** What a worker reports when it has opened its task. */
export interface WorkerReport {
  /** d */
  readonly dim: number
  readonly trainables: readonly { readonly name: string; readonly shape: readonly number[] }[]
  readonly testSamples: number
  readonly batchesPerCall: number
  readonly fingerprints: { readonly dataset?: string; readonly model: string }
  /** What the inference runtime was given to keep: the graph, and frozen weights; 0 without one. */
  readonly graphBytes: number
  /** Where forward passes run; undefined for an objective that needs no inference runtime. */
  readonly provider: Exclude<Provider, 'auto'> | undefined
  /** How convolutions keep their data; undefined likewise. */
  readonly layout: Exclude<Layout, 'auto'> | undefined
  /** What the bits may depend on besides config and fingerprints. */
  readonly environment: Readonly<Record<string, string | number>>
  readonly notices: readonly string[]
  /** A language task's rows of tokens, for the workers that are started after this one. */
  readonly texts?: SharedSequences
  /** The state that this worker updates together with those that are started after it. */
  readonly state?: SharedState
}

/** What a worker is started with that belongs to a run of several. */
export interface Company {
  /** How many workers the run has. */
  readonly workers: number
  /** w, this one's place among them. */
  readonly worker: number
  /** What the first worker has reported; undefined for the first. */
  readonly first: WorkerReport | undefined
}

export interface OpenedWorker {
  readonly worker: RoundWorker
  readonly report: WorkerReport
}

export interface EngineHost extends Host {
  /** Cores that workers may use. */
  readonly cores: number
  /** Memory of the machine. */
  readonly memoryBytes: number
  /** Memory that this process occupies now. */
  residentBytes(): number
  /** Versions and machine, for the run's record. */
  readonly environment: Readonly<Record<string, string | number>>
  /** How many sessions may run side by side on a provider, each in a worker of its own. */
  largestWorkerCount(provider: Exclude<Provider, 'auto'>): number
  /**
   * @param residency `fed` if left out: sessions with a `device` are for those who make their
   *   vectors there
   */
  openSession(
    graph: TrainableGraph,
    compute: Pick<ComputeSettings, 'provider' | 'layout'>,
    residency?: Residency,
  ): Promise<OpenedSession>
  /** On the processor, which can differentiate all that can be differentiated. */
  readonly openGradientSession: OpenGradientSession
  /**
   * Opens any graph by its named inputs: language models.
   * @param resident what may stay on a device; left out where parameters are to be fed
   */
  openRunner(
    bytes: Uint8Array,
    compute: Pick<ComputeSettings, 'provider'>,
    resident?: ResidentTensors,
  ): Promise<OpenedRunner>
  /** Where models and texts can be downloaded from, when a person asks for it. */
  readonly hub: HubHost
  /**
   * Opens the config's task in another thread; the worker stands at round 0.
   * @param company left out for a worker that works for itself
   * @throws HisoError of whatever is wrong with the task
   */
  startWorker(config: RunConfig, company?: Company): Promise<OpenedWorker>
}
