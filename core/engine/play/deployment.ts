/** Clients elsewhere, in place of those that a run's workers play. */
import type { RealClients, Server } from '../../federation/index.ts'
import type { WorkerReport } from '../engineHost.ts'
import type { OnNotice } from '../protocol/notice.ts'

export interface DeployedClients extends RealClients {
  /** The round in progress need not come to its end. */
  stop(): void
  /** @param isOver whether no other sitting follows */
  close(isOver: boolean): Promise<void>
}

/** Makes them, once the run's task is open. */
export type Deployment = (parts: {
  readonly server: Server
  readonly report: WorkerReport
  /** The vectors of a snapshot of the state at the end of the log. */
  readonly sentVectors: () => Promise<readonly Float32Array[]>
  readonly onNotice: OnNotice
}) => DeployedClients
