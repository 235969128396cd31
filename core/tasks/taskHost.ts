/** What tasks need besides `Host`: an inference runtime. */
import type { Host } from '../base/index.ts'
import type { ComputeSettings, Layout, Provider } from '../config/index.ts'
import type {
  GraphRunner,
  LossSession,
  OpenGradientSession,
  Residency,
  ResidentTensors,
  TrainableGraph,
} from '../model/index.ts'

interface OpenedSession {
  readonly session: LossSession
  /** Where forward passes run. */
  readonly provider: Exclude<Provider, 'auto'>
  /** How convolutions keep their data. */
  readonly layout: Exclude<Layout, 'auto'>
  /** What was chosen, a line each. */
  readonly information?: readonly string[]
  /** What asks for a look at the choice, a line each. */
  readonly notices: readonly string[]
}

interface OpenedRunner extends Pick<OpenedSession, 'provider' | 'information' | 'notices'> {
  readonly runner: GraphRunner
}

export interface TaskHost extends Host {
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
}
