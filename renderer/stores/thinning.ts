/**
 * Which rounds tell of a long run: a picture drawn from them has the same outline, and its best
 * values and last ones are all there.
 */
import type { MetricSeries } from '../../core/engine/index.ts'

/** Their extremes are kept; all else of a row is true whichever rows are kept. */
const outlined = ['trainLoss', 'testLoss', 'testAccuracy'] as const

/** The first round of a stretch, its last, and two for each of `outlined`. */
const rowsPerStretch = 2 + 2 * outlined.length

/**
 * How many rounds share `rowsPerStretch` rows, so that together they take half the room at most. A
 * power of two: when it grows, stretches merge and none is divided.
 * @param limit rows that there is room for
 */
export function stretchOf(rounds: number, limit: number): number {
  const stretches = Math.max(1, Math.floor(limit / 2 / rowsPerStretch))
  let stretch = 1
  while (Math.ceil(rounds / stretch) > stretches) stretch *= 2
  return stretch
}

/**
 * Indices of rows, ascending: of each stretch of rounds the first and the last row, and where each
 * measured metric is least and greatest, the earliest of equals. Every row is kept as it was
 * measured; no value is made up.
 */
export function rowsWorthKeeping(
  series: Pick<MetricSeries, 'round' | (typeof outlined)[number]>,
  stretch: number,
): Uint32Array {
  const { round } = series
  const kept: number[] = []
  let start = 0
  while (start < round.length) {
    const number = Math.floor((round[start]! - 1) / stretch)
    let end = start + 1
    while (end < round.length && Math.floor((round[end]! - 1) / stretch) === number) end++
    const rows = new Set([start, end - 1])
    for (const column of outlined)
      for (const at of extremesOf(series[column], start, end)) rows.add(at)
    kept.push(...[...rows].sort((a, b) => a - b))
    start = end
  }
  return Uint32Array.from(kept)
}

function extremesOf(values: Float64Array, start: number, end: number): number[] {
  let low = -1
  let high = -1
  for (let at = start; at < end; at++) {
    const value = values[at]!
    if (Number.isNaN(value)) continue
    if (low < 0 || value < values[low]!) low = at
    if (high < 0 || value > values[high]!) high = at
  }
  return low < 0 ? [] : [low, high]
}
