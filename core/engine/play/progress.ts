/**
 * What a run in progress remembers of its rows: a few numbers, for any number of rounds. The rows
 * themselves are in metrics.csv.
 */
import { qualityColumns, type MetricsRow, type RunRecord } from '../../runs/index.ts'

export class Progress {
  #rounds = 0
  #firstTrainLoss: number | undefined
  #last: MetricsRow | undefined
  #latest: RunRecord['latest'] = {}
  #catchUpBytes = 0

  /** @param rows of the earlier rounds */
  constructor(rows: readonly MetricsRow[] = []) {
    for (const row of rows) this.add(row)
  }

  /** Completed rounds. */
  get rounds(): number {
    return this.#rounds
  }

  /** Of the first round that had an answer. */
  get firstTrainLoss(): number | undefined {
    return this.#firstTrainLoss
  }

  /** The row of the last round. */
  get last(): MetricsRow | undefined {
    return this.#last
  }

  /** Bytes and passes of the completed rounds, without a round that failed. */
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

  /** The last measured values. */
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

  /** What a person should know at the end. */
  get notices(): readonly string[] {
    if (this.rounds === 0 || this.totals.uplinkBytes > 0) return []
    return [
      'No client answered in any round, so the model is as it was. Lower federation.dropout, give a longer devices.deadline, or play more rounds.',
    ]
  }
}
