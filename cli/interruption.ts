/** Ctrl-C and its like: the first asks for an orderly end, a second one ends at once. */
import type { Signal } from './exitCodes.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly Signal[]

/**
 * A terminal sends Ctrl-C to the whole process group, and npm forwards it to its script: one key
 * press arrives twice, a few milliseconds apart.
 */
const echoMs = 100

/** The part of `process` that is needed. */
interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface InterruptionOptions {
  readonly source: SignalSource
  /** Monotonic milliseconds. */
  now(): number
  /** Asked for an orderly end. */
  onFirst(signal: Signal): void
  /** Asked for an end at once. */
  onSecond(signal: Signal): void
}

/** Listens for signals until it is closed. */
export class Interruption {
  readonly #options: InterruptionOptions
  readonly #listeners: readonly (readonly [NodeJS.Signals, () => void])[]
  #signal: Signal | undefined
  #firstAt = 0

  constructor(options: InterruptionOptions) {
    this.#options = options
    this.#listeners = signals.map((signal) => [signal, () => this.arrive(signal)])
    for (const [signal, listener] of this.#listeners) options.source.on(signal, listener)
  }

  /** What arrived first, if anything has. */
  get signal(): Signal | undefined {
    return this.#signal
  }

  arrive(signal: Signal): void {
    if (this.#signal === undefined) {
      this.#signal = signal
      this.#firstAt = this.#options.now()
      this.#options.onFirst(signal)
      // Every write reports again that the reader has gone.
    } else if (signal !== 'SIGPIPE' && this.#options.now() - this.#firstAt > echoMs) {
      this.#options.onSecond(signal)
    }
  }

  close(): void {
    for (const [signal, listener] of this.#listeners) this.#options.source.off(signal, listener)
  }
}
