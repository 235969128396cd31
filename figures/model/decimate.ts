/**
 * Fewer points that draw the same picture: minimum and maximum per pixel column of the visible
 * window. Lines are drawn from this.
 */

export interface Window {
  readonly from: number
  readonly to: number
}

/** Where the values at or behind `x` begin in ascending values. */
export function lowerBound(values: Float64Array, x: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The points of a curve within a window and the nearest outside it, as x, y, x, y...: at most two
 * per column and two more. What is NaN counts as not measured and leaves no gap.
 * @param x ascending
 * @param columns how many pixel columns the window has
 * @param toUnit maps x to the share of the window's width: other than linear for log axes
 * @param keep which extremes: an area's edge needs only the outer one, at most one point per column
 */
export function decimate(
  x: Float64Array,
  y: Float64Array,
  { from, to }: Window,
  columns: number,
  toUnit: (x: number) => number = (value) => (value - from) / (to - from),
  keep: 'both' | 'least' | 'greatest' = 'both',
): Float64Array {
  const first = previousMeasured(y, lowerBound(x, from) - 1)
  const last = nextMeasured(y, upperBound(x, to))
  if (last - first + 1 <= 2 * columns) return copyMeasured(x, y, first, last)

  const points = new Float64Array((columns * 2 + 4) * 2)
  let length = 0
  let column = -Infinity
  let low = -1
  let high = -1
  const push = (at: number) => {
    points[length++] = x[at]!
    points[length++] = y[at]!
  }
  const flush = () => {
    if (low < 0) return
    const [early, late] =
      keep === 'both'
        ? [Math.min(low, high), Math.max(low, high)]
        : keep === 'least'
          ? [low, low]
          : [high, high]
    push(early)
    if (late !== early) push(late)
  }
  for (let at = first; at <= last; at++) {
    const value = y[at]!
    if (value !== value) continue
    // Everything outside the window shares a column on its side: at most one point each, see
    // `first` and `last`.
    const unit = toUnit(x[at]!)
    const own = unit < 0 ? -1 : unit > 1 ? columns : Math.min(columns - 1, (unit * columns) | 0)
    if (own !== column) {
      flush()
      column = own
      low = high = at
    } else if (value < y[low]!) low = at
    else if (value > y[high]!) high = at
  }
  flush()
  return points.slice(0, length)
}

/**
 * The mean of y per pixel column, at the column's last x: for areas, whose height must not jump
 * between extremes.
 */
export function averageColumns(
  x: Float64Array,
  y: Float64Array,
  { from, to }: Window,
  columns: number,
): Float64Array {
  const first = Math.max(0, lowerBound(x, from) - 1)
  const last = Math.min(x.length - 1, upperBound(x, to))
  if (last - first + 1 <= columns) return copyMeasured(x, y, first, last)
  const points = new Float64Array((columns + 2) * 2)
  let length = 0
  let column = NaN
  let sum = 0
  let count = 0
  for (let at = first; at <= last; at++) {
    const share = (x[at]! - from) / (to - from)
    const own =
      share < 0 ? -1 : share > 1 ? columns : Math.min(columns - 1, Math.floor(share * columns))
    if (own !== column && count > 0) {
      points[length++] = x[at - 1]!
      points[length++] = sum / count
      sum = count = 0
    }
    column = own
    sum += y[at]!
    count++
  }
  if (count > 0) {
    points[length++] = x[last]!
    points[length++] = sum / count
  }
  return points.slice(0, length)
}

/** Index of the last measured point at or before `x`; -1 if there is none. */
export function measuredAt(x: Float64Array, y: Float64Array, at: number): number {
  const before = previousMeasured(y, upperBound(x, at) - 1)
  return before < x.length && x[before]! <= at && !Number.isNaN(y[before]) ? before : -1
}

/** Index of the last measured value; -1 if there is none. */
export function lastMeasured(y: Float64Array): number {
  let at = y.length - 1
  while (at >= 0 && Number.isNaN(y[at])) at--
  return at
}

function upperBound(values: Float64Array, x: number): number {
  let at = lowerBound(values, x)
  while (at < values.length && values[at] === x) at++
  return at
}

function previousMeasured(y: Float64Array, at: number): number {
  while (at > 0 && Number.isNaN(y[at])) at--
  return Math.max(0, at)
}

function nextMeasured(y: Float64Array, at: number): number {
  while (at < y.length - 1 && Number.isNaN(y[at])) at++
  return Math.min(y.length - 1, at)
}

function copyMeasured(x: Float64Array, y: Float64Array, first: number, last: number) {
  const points = new Float64Array(Math.max(0, last - first + 1) * 2)
  let length = 0
  for (let at = first; at <= last; at++) {
    if (Number.isNaN(y[at])) continue
    points[length++] = x[at]!
    points[length++] = y[at]!
  }
  return points.subarray(0, length)
}
