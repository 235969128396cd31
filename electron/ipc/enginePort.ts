/**
 * What crosses the port between the renderer and the engine's process: types only. Everything is
 * cloned, never transferred: a message with a transferred buffer is dropped silently on its way
 * through Electron's ports.
 */
import type { ErrorData } from '../../core/base/index.ts'
import type {
  EngineEvent,
  EngineRequestName,
  ReaderMessage,
  ReaderRequest,
} from '../../core/engine/index.ts'

/** The window message that carries a new port: from the preload, in `ports[0]`. */
export const enginePortMessage = 'hiso:enginePort'

export interface EnginePortRequest {
  readonly id: number
  readonly method: EngineRequestName
  readonly argument: unknown
}

/** Nobody waits for the answer to an earlier request any more; none comes. */
export interface EnginePortCancel {
  readonly cancel: number
}

/**
 * Rounds that a run has completed one after another, as `packRows` packs their rows; every other
 * event as it is.
 */
export type PortEvent = EngineEvent | CompletedRounds

interface CompletedRounds {
  readonly folder: string
  readonly rounds: number
  readonly rows: Float64Array
}

export type EnginePortMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorData }
  /** What happened since the last message, oldest first. */
  | { readonly events: readonly PortEvent[] }

/** A run that the engine is playing, as main knows it. */
export interface RunInProgress {
  readonly folder: string
  readonly name: string
  readonly rounds: number
  readonly plannedRounds: number
  readonly isPaused: boolean
}

/** Where the page may start, import, resume and annotate runs. */
export interface AllowedFolders {
  /** Folders of run folders: the default one, and those that the user has chosen. */
  readonly libraries: readonly string[]
  /** Run folders elsewhere that the user has opened. */
  readonly runs: readonly string[]
}

/** From main to the engine's process. `connect` brings a port along. */
export type HostCommand =
  | { readonly type: 'connect' }
  /** Takes up runs that a dead engine was playing. */
  | { readonly type: 'resume'; readonly runs: readonly RunInProgress[] }
  /** Stops every run after its round in progress, then answers `stopped`. */
  | { readonly type: 'stop' }
  | { readonly type: 'selftest'; readonly folder: string }
  /** What the page may have written to from now on. */
  | ({ readonly type: 'allow' } & AllowedFolders)
  /** From a process that reads foreign files for the engine. */
  | { readonly type: 'readerAnswered'; readonly reader: number; readonly message: ReaderMessage }
  | { readonly type: 'readerEnded'; readonly reader: number; readonly reason: string }

/** From the engine's process to main. */
export type HostMessage =
  | { readonly type: 'started' }
  | { readonly type: 'status'; readonly runs: readonly RunInProgress[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'selftested'; readonly report: SelftestReport }
  /** Only main can start processes. */
  | { readonly type: 'startReader'; readonly reader: number }
  | { readonly type: 'askReader'; readonly reader: number; readonly request: ReaderRequest }
  | { readonly type: 'killReader'; readonly reader: number }

export interface SelftestReport {
  readonly ok: boolean
  readonly error?: string
  readonly rounds?: number
  readonly trainLoss?: number
  readonly stateHash?: string
  readonly uplinkBytes?: number
  readonly downlinkBytes?: number
  readonly elapsedMs?: number
  readonly environment?: Readonly<Record<string, string | number>>
  /**
   * What came with the program for language models, opened once; d is of all parameters that such a
   * run trains.
   */
  readonly language?: {
    readonly model: string
    readonly dataset: string
    readonly template: string
    readonly dim: number
  }
}

/** What the engine's process is started with. */
export interface HostSettings {
  /** Bundled datasets and presets. */
  readonly resources: string
  /** The script of the engine's thread. */
  readonly engineScript: string
  /** The script of a worker's thread. */
  readonly workerScript: string
  /** The script of the thread that answers views. */
  readonly viewsScript: string
  /** The script of the thread that reads foreign files. */
  readonly readerScript: string
  readonly version: string
}
