/** When charts are drawn: at most once per animation frame each, and together no longer than a frame has time for. */

/** Milliseconds of drawing after which the rest waits for the next frame. */
const budgetMs = 14

interface Frames {
  request(callback: () => void): unknown
  now(): number
}

export class DrawQueue {
  readonly #frames: Frames
  readonly #waiting = new Set<() => void>()
  #isRequested = false

  constructor(frames: Frames = browserFrames) {
    this.#frames = frames
  }

  /** Draws in the next frame; asking twice draws once. */
  request(draw: () => void): void {
    this.#waiting.add(draw)
    this.#schedule()
  }

  cancel(draw: () => void): void {
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
    for (const draw of [...this.#waiting]) {
      this.#waiting.delete(draw)
      draw()
      if (this.#frames.now() - start > budgetMs) break
    }
    if (this.#waiting.size > 0) this.#schedule()
  }
}

const browserFrames: Frames = {
  request: (callback) => requestAnimationFrame(callback),
  now: () => performance.now(),
}

/** All charts of a window share one. */
export const drawQueue = new DrawQueue()
