/**
 * The columns of a run as Watch draws them: with sums and averages that are computed once per
 * round, not once per drawing.
 */
import { GrowingColumn } from '../model/growingColumn.ts'
import { MovingAverage } from '../model/smooth.ts'
import { xColumn, type XAxisName } from '../model/xAxis.ts'
import type { QualityColumn } from '../../core/runs/index.ts'
import type { RunColumns } from './runColumns.ts'

type SmoothedColumn = 'trainLoss' | QualityColumn

export class RunColumnsView {
  #columns: RunColumns
  readonly #totalBytes: GrowingColumn
  readonly #assignmentBytes: GrowingColumn
  #smoothing = 0
  #averages = new Map<SmoothedColumn, MovingAverage>()

  constructor(columns: RunColumns) {
    this.#columns = columns
    this.#totalBytes = new GrowingColumn(
      (at) => this.#columns.cumulativeUplinkBytes[at]! + this.#columns.cumulativeDownlinkBytes[at]!,
    )
    this.#assignmentBytes = new GrowingColumn(
      (at) => this.#columns.downlinkBytes[at]! - this.#columns.catchUpBytes[at]!,
    )
  }

  /** Takes over columns of which the old ones are the beginning. */
  update(columns: RunColumns): this {
    this.#columns = columns
    return this
  }

  get columns(): RunColumns {
    return this.#columns
  }

  get length(): number {
    return this.#columns.round.length
  }

  x(name: XAxisName): Float64Array {
    return name === 'bytes' ? this.totalBytes : xColumn(this.#columns, name)
  }

  get totalBytes(): Float64Array {
    return this.#totalBytes.extend(this.length)
  }

  /** The paper's accounting, cumulated. */
  get paperBytes(): Float64Array {
    return this.#columns.cumulativePaperBytes
  }

  /** Downlink without catch-up. */
  get assignmentBytes(): Float64Array {
    return this.#assignmentBytes.extend(this.length)
  }

  /**
   * What methods that send the model would have sent so far: 2 · participants · 4 · d bytes a
   * round.
   */
  dimensionalBytes(dim: number): Float64Array {
    return this.#columns.cumulativeParticipants.map((participants) => 8 * dim * participants)
  }

  /** @param weight 0 gives the column itself */
  smoothed(column: SmoothedColumn, weight: number): Float64Array {
    if (weight === 0) return this.#columns[column]
    if (weight !== this.#smoothing) {
      this.#smoothing = weight
      this.#averages.clear()
    }
    let average = this.#averages.get(column)
    if (average === undefined) {
      average = new MovingAverage(weight)
      this.#averages.set(column, average)
    }
    return average.extend(this.#columns[column])
  }
}
