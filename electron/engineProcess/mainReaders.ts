/** Reading processes as the engine sees them: main starts them, and carries every message. */
import type { ReaderMessage } from '../../core/engine/index.ts'
import type { Reader } from '../../platform/index.ts'
import type { HostMessage } from '../ipc/enginePort.ts'

type Listeners = Parameters<Reader['listen']>[0]

export class MainReaders {
  readonly #tellMain: (message: HostMessage) => void
  readonly #listeners = new Map<number, Listeners>()
  #started = 0

  constructor(tellMain: (message: HostMessage) => void) {
    this.#tellMain = tellMain
  }

  start(): Reader {
    const reader = this.#started++
    this.#tellMain({ type: 'startReader', reader })
    return {
      send: (request) => this.#tellMain({ type: 'askReader', reader, request }),
      listen: (listeners) => void this.#listeners.set(reader, listeners),
      kill: () => {
        this.#listeners.delete(reader)
        this.#tellMain({ type: 'killReader', reader })
      },
      // The engine's process does not end by itself.
      hold: () => {},
    }
  }

  answered(reader: number, message: ReaderMessage): void {
    this.#listeners.get(reader)?.message(message)
  }

  ended(reader: number, reason: string): void {
    this.#listeners.get(reader)?.ended(reason)
    this.#listeners.delete(reader)
  }
}
