/** A request to stop what is in progress. */
export class Cancellation {
  readonly #listeners = new Set<() => void>()
  #isCancelled = false

  get isCancelled(): boolean {
    return this.#isCancelled
  }

  cancel(): void {
    if (this.#isCancelled) return
    this.#isCancelled = true
    for (const listener of this.#listeners) listener()
  }

  /**
   * Calls `listener` on cancellation, or at once if it has already happened. @returns a function
   * that stops listening
   */
  listen(listener: () => void): () => void {
    if (this.#isCancelled) listener()
    else this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
