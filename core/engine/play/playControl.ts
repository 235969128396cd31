/** Whether a run plays its next round: it can be paused, stepped, continued and stopped. */
import type { BetweenRounds } from './betweenRounds.ts'

export class PlayControl {
  #mode: 'playing' | 'paused' | 'stopping' = 'playing'
  /** Rounds that a paused run may still play. */
  #steps = 0
  #wake: () => void = () => {}

  get isPlaying(): boolean {
    return this.#mode === 'playing'
  }

  get isStopping(): boolean {
    return this.#mode === 'stopping'
  }

  pause(): void {
    if (this.#mode === 'playing') this.#mode = 'paused'
  }

  step(): void {
    if (this.#mode === 'paused') this.#steps++
    this.#wake()
  }

  continue(): void {
    if (this.#mode === 'paused') this.#mode = 'playing'
    this.#wake()
  }

  stop(): void {
    this.#mode = 'stopping'
    this.#wake()
  }

  /** Lets a paused run look at its questions. */
  wake(): void {
    this.#wake()
  }

  /**
   * Waits while the run is paused and no single step is requested; answers questions meanwhile.
   * @param announce called when a wait begins, and when it ends
   */
  async untilWanted(
    questions: BetweenRounds,
    announce: (type: 'paused' | 'continued') => void,
  ): Promise<void> {
    if (this.#mode !== 'paused') return
    if (this.#steps === 0) {
      announce('paused')
      while (this.#isWaiting()) {
        if (questions.isEmpty) await new Promise<void>((resolve) => (this.#wake = resolve))
        await questions.answer()
      }
      announce('continued')
    }
    this.#steps = Math.max(0, this.#steps - 1)
  }

  #isWaiting(): boolean {
    return this.#mode === 'paused' && this.#steps === 0
  }
}
