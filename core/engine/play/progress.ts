/**
 * What a run in progress remembers of its rows: a few numbers, however many rounds there are. The
 * rows themselves lie in metrics.csv.
 */
import { qualityColumns, type MetricsRow, type RunRecord } from '../../runs/index.ts'

export class Progress {
  #rounds = 0
  #firstTrainLoss: number | undefined
  #last: MetricsRow | undefined
  #latest: RunRecord['latest'] = {}
  #catchUpBytes = 0

  /** @param rows of the rounds that were played before */
  constructor(rows: readonly MetricsRow[] = []) {
    for (const row of rows) this.add(row)
  }

  /** Rounds done so far. */
  get rounds(): number {
    return this.#rounds
  }

  /** Of the first round that somebody answered in. */
  get firstTrainLoss(): number | undefined {
    return this.#firstTrainLoss
  }

  /** The row of the last round. */
  get last(): MetricsRow | undefined {
    return this.#last
  }

  /**
   * What has crossed and was computed in the rounds that are done: a round that failed is not among
   * them.
   */
  get totals(): RunRecord['totals'] {
    const last = this.#last
    return {
      uplinkBytes: last?.cumulativeUplinkBytes ?? 0,
      downlinkBytes: last?.cumulativeDownlinkBytes ?? 0,
      catchUpBytes: this.#catchUpBytes,
      forwardPasses: last?.cumulativeForwardPasses ?? 0,
      elapsedMs: last?.elapsedMs ?? 0,
    }
  }

  /** The last values that were measured. */
  get latest(): RunRecord['latest'] {
    return this.#latest
  }

  add(row: MetricsRow): void {
    const measured = ['trainLoss', ...qualityColumns] as const
    this.#rounds++
    this.#catchUpBytes += row.catchUpBytes
    this.#firstTrainLoss ??= row.trainLoss
    this.#last = row
    for (const column of measured)
      if (row[column] !== undefined) this.#latest = { ...this.#latest, [column]: row[column] }
  }
}
