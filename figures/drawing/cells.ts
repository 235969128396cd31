/**
 * A heat map as rectangles, for files that are drawn by other programs: cells of one colour beside
 * each other are one.
 */
import type { RasterLayer, Scale } from '../model/chartModel.ts'
import { fromScale, toScale } from '../model/axis.ts'
import type { Window } from '../model/decimate.ts'

export interface Cell {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
  /** In steps of 1/16. */
  readonly share: number
}

const columns = 120
const rows = 60
const steps = 16

export function cellsOf(
  layer: RasterLayer,
  window: Window,
  extent: Window,
  scales: { readonly x: Scale; readonly y: Scale },
): Cell[] {
  const shares = layer.paint({ window, y: extent, width: columns, height: rows })
  const x = edges(window, scales.x, columns)
  // Rows go from the top down.
  const y = edges({ from: extent.to, to: extent.from }, scales.y, rows)
  const cells: Cell[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns;) {
      const share = stepOf(shares[row * columns + column]!)
      const start = column
      while (column < columns && Object.is(stepOf(shares[row * columns + column]!), share)) column++
      if (Number.isNaN(share)) continue
      const [a, b] = [y[row]!, y[row + 1]!]
      cells.push({
        from: x[start]!,
        to: x[column]!,
        low: Math.min(a, b),
        high: Math.max(a, b),
        share,
      })
    }
  return cells
}

const stepOf = (share: number) => Math.round(share * steps) / steps

function edges({ from, to }: Window, scale: Scale, count: number): number[] {
  const [low, high] = [toScale(scale, from), toScale(scale, to)]
  return Array.from({ length: count + 1 }, (_, at) =>
    Number(fromScale(scale, low + ((high - low) * at) / count).toPrecision(6)),
  )
}
