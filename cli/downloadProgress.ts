/**
 * A download as it goes, for people: one live line on a terminal, a plain line now and then
 * elsewhere.
 */
import type { DownloadProgress } from '../core/hub/index.ts'
import { liveLine } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { formatBytes, formatDuration, formatShare } from './units.ts'

/** Where lines stay, one is enough every so often. */
const plainMs = 5_000

export class DownloadProgressLine {
  readonly #terminal: Terminal
  readonly #now: () => number
  #shownAt = -Infinity

  /** @param now monotonic milliseconds */
  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal
    this.#now = now
  }

  show(progress: DownloadProgress): void {
    const fields = downloadFields(progress)
    const share = progress.bytes / (progress.totalBytes ?? Infinity)
    if (this.#terminal.isInteractive) {
      this.#terminal.redraw(liveLine(fields, share, this.#terminal))
      return
    }
    const now = this.#now()
    if (now - this.#shownAt < plainMs) return
    this.#shownAt = now
    this.#terminal.print(`  ${fields.join('   ')}`)
  }
}

/** What there is to say, the most important first. */
export function downloadFields(progress: DownloadProgress): string[] {
  const { file, bytes, totalBytes, bytesPerSecond: rate } = progress
  return [
    totalBytes === undefined
      ? formatBytes(bytes)
      : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}, ${formatShare(bytes / Math.max(1, totalBytes))}`,
    ...(rate === undefined || rate === 0 ? [] : [`${formatBytes(Math.round(rate))}/s`]),
    ...(rate === undefined || rate === 0 || totalBytes === undefined
      ? []
      : [`${formatDuration(((totalBytes - bytes) / rate) * 1000)} left`]),
    file,
  ]
}
