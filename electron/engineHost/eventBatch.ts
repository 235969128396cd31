/** Collects events for about a frame: a fast run makes thousands a second, and every message costs the page a task of its own. */
import type { EngineEvent } from '../../core/engine/index.ts'

/** One frame at 60 Hz. */
const frameMs = 16

export type EventsReceiver = (events: readonly EngineEvent[]) => void

export class EventBatch {
  readonly #receivers = new Set<EventsReceiver>()
  #events: EngineEvent[] = []
  #timer: NodeJS.Timeout | undefined

  add(event: EngineEvent): void {
    if (this.#receivers.size === 0) return
    this.#events.push(event)
    this.#timer ??= setTimeout(() => this.flush(), frameMs)
  }

  /** Sends what has been collected: an answer must not overtake the events before it. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#events
    if (events.length === 0) return
    this.#events = []
    for (const receive of this.#receivers) receive(events)
  }

  /** @returns ends the listening */
  listen(receive: EventsReceiver): () => void {
    this.#receivers.add(receive)
    return () => this.#receivers.delete(receive)
  }
}
