/**
 * Machines that work for a run from elsewhere, as the engine sees them. What connects them is the
 * platform's business; only bytes pass here.
 */

/** A machine that offers workers, as it introduces itself. */
export interface MachineFacts {
  /** Another one each time that the machine's program is started. */
  readonly id: string
  /** What people call it. */
  readonly name: string
  readonly cores: number
  /** How many workers it offers. */
  readonly workers: number
  /** Of the program. */
  readonly version: string
  /** Operating system and architecture. */
  readonly system: string
}

/** A way to one worker elsewhere that is free for this run. */
export interface WorkerLink {
  readonly machine: MachineFacts
  /**
   * Requests arrive in the order of asking. @throws HisoError WORKER_DIED when the worker is gone,
   * has gone silent, or can't be reached
   */
  ask(request: Uint8Array): Promise<Uint8Array>
  /** The same without an answer: whether it arrived, the answers to later requests show. */
  tell(request: Uint8Array): void
  /** Milliseconds since anything was heard of it. */
  silentMs(): number
  /** Called once when the worker is lost, also while nothing is asked of it. */
  onLost(listener: (error: Error) => void): void
  /** Lets the worker go. It is offered again when it is free. */
  close(): void
}

/** The bytes [from, to) of a file with this SHA-256. */
export type FilePart = (sha256: string, from: number, to: number) => Promise<Uint8Array>

export interface ClusterEvents {
  /** A worker is free: at the beginning, later, or again. */
  onOffer(link: WorkerLink): void
  /** Something that people should know. */
  onNotice(text: string): void
  /** The broker is away, and all links are lost with it: that is said, and not who went with it. */
  onAway(text: string): void
  /** It is back. */
  onBack(text: string): void
  /** Asked by workers that lack a file. @throws HisoError for a file that is not this run's */
  readonly filePart: FilePart
}

export interface Cluster {
  close(): Promise<void>
}

/**
 * @param isPatient go on, and keep trying, where the broker can't be reached at the moment
 * @throws HisoError BROKER_… when nobody answers at this address, or refuses
 */
export type OpenCluster = (
  address: string,
  events: ClusterEvents,
  isPatient: boolean,
) => Promise<Cluster>
