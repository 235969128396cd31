/** What crosses between the engine and the process that reads for it. */
import type { ReaderMessage, ReaderRequest } from '../../core/engine/index.ts'

/** What a reading process is started with. */
export interface ReaderSettings {
  readonly resources: string
  /** The script of a worker's thread. */
  readonly workerScript: string
  /** The script of the thread that reads, built from readerThread.ts. */
  readonly readerScript: string
  readonly version: string
}

/** From the thread that reads to the one that watches it. */
export type ReadingMessage = ReaderMessage | { readonly kind: 'opened'; readonly bytes: number }

/** A reading process, however it was started. */
export interface Reader {
  send(request: ReaderRequest): void
  /** One listener for messages and one for the end. */
  listen(listeners: {
    readonly message: (message: ReaderMessage) => void
    readonly ended: (reason: string) => void
  }): void
  /** At once, whatever it is doing. */
  kill(): void
  /** Whether it keeps this process alive. */
  hold(isHeld: boolean): void
}

export type StartReader = () => Reader
