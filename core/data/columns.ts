/**
 * Tables of numbers as training sees them: as they are, or standardised by the means and standard
 * deviations of the training rows.
 */
import { HisoError } from '../base/index.ts'
import type { Samples } from './dataset.ts'
import { excerpt } from './table/cell.ts'

export interface ColumnSummary {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly mean: number
}

/** A mean and a deviation for each column. */
export interface ColumnScaling {
  readonly mean: number[]
  /** 0 where the column is constant in training: its value becomes 0. */
  readonly std: number[]
}

interface Scaling {
  readonly mean: number
  /** 0 where the column is constant. */
  readonly std: number
}

/**
 * Name, range and mean of each column over the given rows.
 *
 * @param values rows × names.length, row-major
 */
export function summariseColumns(values: Float64Array, names: readonly string[]): ColumnSummary[] {
  const width = names.length
  return names.map((name, column) => {
    let min = Infinity
    let max = -Infinity
    let sum = 0
    for (let index = column; index < values.length; index += width) {
      const value = values[index]!
      if (value < min) min = value
      if (value > max) max = value
      sum += value
    }
    return { name, min, max, mean: sum / (values.length / width) }
  })
}

/**
 * The training and test rows, each column shifted and scaled to mean 0 and standard deviation 1
 * over the training rows (sums in float64 in row order, results rounded to float32). A column that
 * is constant in training becomes 0 everywhere.
 *
 * @param values rows × names.length, row-major
 * @param train rows to train on; `test` rows held out
 * @param file for messages
 * @returns float32, row-major, in the order of the row numbers given
 * @throws HisoError DATA_INVALID for a column whose sums overflow
 */
export function standardise(
  values: Float64Array,
  names: readonly string[],
  train: Uint32Array,
  test: Uint32Array,
  file: string,
): {
  readonly train: Float32Array
  readonly test: Float32Array
  readonly scaling: ColumnScaling
} {
  const width = names.length
  const scalings = names.map((name, column): Scaling => {
    let min = Infinity
    let max = -Infinity
    let sum = 0
    for (const row of train) {
      const value = values[row * width + column]!
      if (value < min) min = value
      if (value > max) max = value
      sum += value
    }
    // The rounded mean of equal values may differ from them in the last bit, so their deviation may
    // differ from 0.
    if (min === max) return { mean: min, std: 0 }
    const mean = sum / train.length
    let squares = 0
    for (const row of train) {
      const offset = values[row * width + column]! - mean
      squares += offset * offset
    }
    const std = Math.sqrt(squares / train.length)
    if (!Number.isFinite(std) || std === 0)
      throw new HisoError('DATA_INVALID', {
        where: file,
        what: `the values of column "${name}" (from ${min} to ${max}) are too ${std === 0 ? 'small' : 'large'} to standardise`,
        remedy: 'Change the unit of the column',
      })
    return { mean, std }
  })
  const scale = (rows: Uint32Array) => {
    const out = new Float32Array(rows.length * width)
    let target = 0
    for (const row of rows) {
      for (let column = 0; column < width; column++) {
        const { mean, std } = scalings[column]!
        const value = values[row * width + column]!
        out[target] = std === 0 ? 0 : (value - mean) / std
        if (!Number.isFinite(out[target])) throw tooLarge(names[column]!, value, file)
        target++
      }
    }
    return out
  }
  return {
    train: scale(train),
    test: scale(test),
    scaling: { mean: scalings.map(({ mean }) => mean), std: scalings.map(({ std }) => std) },
  }
}

function tooLarge(name: string, value: number, file: string): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what: `column "${excerpt(name)}" holds ${value}, too large for the numbers that training uses`,
    remedy: 'Change the unit of the column, or remove the row',
  })
}

/** As `standardise`, with every value as it is, rounded to float32. */
export function asTheyAre(
  values: Float64Array,
  names: readonly string[],
  train: Uint32Array,
  test: Uint32Array,
  file: string,
): ReturnType<typeof standardise> {
  const width = names.length
  const take = (rows: Uint32Array) => {
    const out = new Float32Array(rows.length * width)
    for (const [target, row] of rows.entries())
      out.set(values.subarray(row * width, (row + 1) * width), target * width)
    const large = out.findIndex((value) => !Number.isFinite(value))
    if (large < 0) return out
    const column = large % width
    const value = values[rows[Math.floor(large / width)]! * width + column]!
    throw tooLarge(names[column]!, value, file)
  }
  const scaling = { mean: names.map(() => 0), std: names.map(() => 1) }
  return { train: take(train), test: take(test), scaling }
}

/** @param features labels.length × featureSize */
export function columnSamples(
  features: Float32Array,
  labels: Int32Array,
  featureSize: number,
): Samples {
  return {
    count: labels.length,
    labels,
    gather(indices, out) {
      let target = 0
      for (const index of indices) {
        out.set(features.subarray(index * featureSize, (index + 1) * featureSize), target)
        target += featureSize
      }
    },
  }
}
