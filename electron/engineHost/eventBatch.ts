/** Collects events for a moment: a fast run makes thousands a second, and every message costs the page a task and a frame of its own. */
import type { EngineEvent } from '../../core/engine/index.ts'

/** Between two messages: half of what a round may take to its point on screen, for the page draws within two frames. */
const momentMs = 50

export type EventsReceiver = (events: readonly EngineEvent[]) => void

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
