/** Lines of equal height through a square grid of values, by marching squares. */

export interface Contour {
  readonly level: number
  /** Segments x1, y1, x2, y2 in steps of the grid, from its first point. */
  readonly segments: readonly (readonly [number, number, number, number])[]
}

/**
 * @param values row by row, `side` · `side`; cells at a value that is not finite stay empty
 * @param levels between the values
 */
export function contoursOf(
  values: Float64Array,
  side: number,
  levels: readonly number[],
): Contour[] {
  return levels.map((level) => {
    const segments: (readonly [number, number, number, number])[] = []
    for (let row = 0; row + 1 < side; row++)
      for (let column = 0; column + 1 < side; column++)
        segments.push(...segmentsOf(values, side, column, row, level))
    return { level, segments }
  })
}

/**
 * Levels between which there are equally many points, so that a steep rim takes no lines from the
 * valley.
 */
export function levelsOf(values: Float64Array, count: number): number[] {
  const sorted = values.filter(Number.isFinite).sort()
  const levels = Array.from({ length: count }, (_, at) => {
    const place = ((at + 0.5) / count) * (sorted.length - 1)
    return sorted[Math.round(place)]!
  })
  return sorted.length === 0 ? [] : [...new Set(levels)]
}

/**
 * A finer grid through the same points, by cubic interpolation along both axes, so that contours
 * bend as smoothly as the loss does.
 * @returns values of a grid of (side − 1) · factor + 1 points along an axis
 */
export function refined(values: Float64Array, side: number, factor: number): Float64Array {
  const fine = (side - 1) * factor + 1
  const along = (read: (at: number) => number, place: number) => {
    const from = Math.min(side - 2, Math.floor(place / factor))
    const share = place / factor - from
    const [b, c] = [read(from), read(from + 1)]
    const before = from > 0 ? read(from - 1) : 2 * b - c
    const after = from < side - 2 ? read(from + 2) : 2 * c - b
    const cubic =
      b +
      (share / 2) *
        (c -
          before +
          share * (2 * before - 5 * b + 4 * c - after + share * (3 * (b - c) + after - before)))
    return Number.isFinite(cubic) ? cubic : share < 0.5 ? b : c
  }
  const rows = Float64Array.from({ length: side * fine }, (_, at) => {
    const row = Math.floor(at / fine)
    return along((column) => values[row * side + column]!, at % fine)
  })
  return Float64Array.from({ length: fine * fine }, (_, at) =>
    along((row) => rows[row * fine + (at % fine)]!, Math.floor(at / fine)),
  )
}

type Point = readonly [number, number]

function segmentsOf(
  values: Float64Array,
  side: number,
  column: number,
  row: number,
  level: number,
): (readonly [number, number, number, number])[] {
  const corners: readonly Point[] = [
    [column, row],
    [column + 1, row],
    [column + 1, row + 1],
    [column, row + 1],
  ]
  const heights = corners.map(([x, y]) => values[y * side + x]!)
  if (!heights.every(Number.isFinite)) return []
  const crossings: Point[] = []
  for (let edge = 0; edge < 4; edge++) {
    const next = (edge + 1) % 4
    const [from, to] = [heights[edge]!, heights[next]!]
    if (from < level === to < level) continue
    const share = (level - from) / (to - from)
    const [a, b] = [corners[edge]!, corners[next]!]
    crossings.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])])
  }
  const join = (a: Point, b: Point) => [...a, ...b] as const
  const [first, second, third, fourth] = crossings
  if (first === undefined || second === undefined) return []
  if (third === undefined || fourth === undefined) return [join(first, second)]
  // A saddle: the middle decides which corners belong together.
  const isMiddleLow = heights.reduce((sum, height) => sum + height, 0) / 4 < level
  return isMiddleLow === heights[0]! < level
    ? [join(first, second), join(third, fourth)]
    : [join(second, third), join(fourth, first)]
}
