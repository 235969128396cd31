/**
 * When charts are drawn: at most once per animation frame each, and together no longer than a frame
 * has time for.
 */

/** Milliseconds of drawing after which the rest waits for the next frame. */
const budgetMs = 14

interface Frames {
  request(callback: () => void): unknown
  now(): number
}

export class DrawQueue {
  readonly #frames: Frames
  readonly #urgent = new Set<() => void>()
  readonly #waiting = new Set<() => void>()
  #isRequested = false

  constructor(frames: Frames = browserFrames) {
    this.#frames = frames
  }

  /**
   * Draws in the next frame that has time; asking twice draws once.
   * @param isUrgent before all that is not, whatever it takes
   */
  request(draw: () => void, isUrgent = false): void {
    const queue = isUrgent ? this.#urgent : this.#waiting
    queue.add(draw)
    this.#schedule()
  }

  cancel(draw: () => void): void {
    this.#urgent.delete(draw)
    this.#waiting.delete(draw)
  }

  #schedule(): void {
    if (this.#isRequested) return
    this.#isRequested = true
    this.#frames.request(() => this.#run())
  }

  #run(): void {
    this.#isRequested = false
    const start = this.#frames.now()
    for (const draw of [...this.#urgent]) {
      this.cancel(draw)
      draw()
    }
    // One of the others at least: nothing urgent may keep them waiting for ever.
    for (const draw of [...this.#waiting]) {
      this.cancel(draw)
      draw()
      if (this.#frames.now() - start > budgetMs) break
    }
    if (this.#urgent.size + this.#waiting.size > 0) this.#schedule()
  }
}

const browserFrames: Frames = {
  request: (callback) => requestAnimationFrame(callback),
  now: () => performance.now(),
}

/** All charts of a window share one. */
export const drawQueue = new DrawQueue()
