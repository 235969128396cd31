/**
 * Work that takes a while, as one live line with the time left; plain lines now and then where
 * nothing can be redrawn.
 */
import { liveLine } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { formatDuration, formatShare } from './units.ts'

/** Shorter work shows nothing. */
const quietMs = 1000
const redrawMs = 100
const lineMs = 5000

export class ShareProgress {
  readonly #terminal: Terminal
  readonly #title: string
  readonly #now: () => number
  readonly #startedAt: number
  #shownAt: number

  /** @param now monotonic milliseconds */
  constructor(terminal: Terminal, title: string, now: () => number) {
    this.#terminal = terminal
    this.#title = title
    this.#now = now
    this.#startedAt = this.#shownAt = now()
  }

  /** @param share 0 to 1 */
  show(share: number): void {
    const terminal = this.#terminal
    const now = this.#now()
    const elapsed = now - this.#startedAt
    const wait = terminal.isInteractive ? redrawMs : lineMs
    if (elapsed < quietMs || now - this.#shownAt < wait) return
    this.#shownAt = now
    const left = `${formatDuration((elapsed / share) * (1 - share))} left`
    const fields = [`${this.#title} ${formatShare(share)}`, left]
    if (terminal.isInteractive) terminal.redraw(liveLine(fields, share, terminal))
    else terminal.tell(`  ${fields.join('  ')}`)
  }
}
