/** How far a client of a federation is: a live line on a terminal, now and then one elsewhere. */
import type { Terminal } from './terminal.ts'
import { formatCount, formatPlural } from './units.ts'

/** As often as a run shows its rounds; see `Progress`. */
const redrawMs = 100
const aliveMs = 5_000

export class AnswerLine {
  readonly #terminal: Terminal
  readonly #now: () => number
  #count = 0
  #shownAt = -Infinity

  /** @param now monotonic milliseconds */
  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal
    this.#now = now
  }

  /** Answers so far. */
  get count(): number {
    return this.#count
  }

  /** @param round that was answered, from 0 */
  show(round: number): void {
    this.#count++
    const now = this.#now()
    const wait = this.#terminal.isInteractive ? redrawMs : aliveMs
    if (now - this.#shownAt < wait) return
    this.#shownAt = now
    const line = `  answered round ${formatCount(round + 1)}, ${formatPlural(this.#count, 'answer')} so far`
    if (this.#terminal.isInteractive) this.#terminal.redraw(line)
    else this.#terminal.print(line)
  }
}
