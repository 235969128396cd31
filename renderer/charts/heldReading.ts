/** Values that people read: the newest is handed on at once, and then no faster than they read. */
export class HeldReading<Value> {
  readonly #everyMs: number
  readonly #show: (value: Value) => void
  #newest: Value | undefined
  #shownAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(everyMs: number, show: (value: Value) => void) {
    this.#everyMs = everyMs
    this.#show = show
  }

  /** Shows a value now, or when its turn comes: then the newest, whatever came in between. */
  offer(value: Value): void {
    this.#newest = value
    if (performance.now() >= this.#shownAt + this.#everyMs) this.#showNewest()
    else this.#timer ??= setTimeout(() => this.#showNewest(), this.#everyMs)
  }

  /** The next value is shown at once: after something that a person did. */
  expire(): void {
    this.#shownAt = -Infinity
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #showNewest(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#shownAt = performance.now()
    if (this.#newest !== undefined) this.#show(this.#newest)
  }
}
