/**
 * Collects events for a moment: a fast run makes thousands a second, and every message costs the
 * page a task and a frame of its own.
 */
import type { EngineEvent } from '../../core/engine/index.ts'
import { packRows, type MetricsRow } from '../../core/runs/index.ts'
import type { PortEvent } from '../ipc/enginePort.ts'

/**
 * Between two messages: half of what a round may take to its point on screen, for the page draws
 * within two frames.
 */
const momentMs = 50

export type EventsReceiver = (events: readonly PortEvent[]) => void

export class EventBatch {
  readonly #receivers = new Set<EventsReceiver>()
  #events: EngineEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #flushedAt = -Infinity

  add(event: EngineEvent): void {
    if (this.#receivers.size === 0) return
    this.#events.push(event)
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(0, this.#flushedAt + momentMs - performance.now()),
    )
  }

  /** Sends what has been collected: an answer must not overtake the events before it. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushedAt = performance.now()
    if (this.#events.length === 0) return
    const events = pack(this.#events)
    this.#events = []
    for (const receive of this.#receivers) receive(events)
  }

  /** @returns ends the listening */
  listen(receive: EventsReceiver): () => void {
    this.#receivers.add(receive)
    return () => this.#receivers.delete(receive)
  }
}

/** The rounds that follow each other of the same run become one event. */
function pack(events: readonly EngineEvent[]): readonly PortEvent[] {
  const packed: PortEvent[] = []
  let folder: string | undefined
  let rows: MetricsRow[] = []
  const endRows = () => {
    if (folder !== undefined) packed.push({ folder, rounds: rows.length, rows: packRows(rows) })
    folder = undefined
    rows = []
  }
  for (const event of events) {
    if (!('folder' in event) || event.event.type !== 'roundCompleted') {
      endRows()
      packed.push(event)
      continue
    }
    if (event.folder !== folder) endRows()
    folder = event.folder
    rows.push(event.event.row)
  }
  endRows()
  return packed
}
