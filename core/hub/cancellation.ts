/** Somebody no longer wants what is being done. */
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

  /** Calls `listener` when it happens, at once if it has. @returns ends the listening */
  listen(listener: () => void): () => void {
    if (this.#isCancelled) listener()
    else this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
