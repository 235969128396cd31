/** All of a chart's x axis: from the beginning of its data to their end. */
import type { ChartModel, Layer } from './chartModel.ts'
import type { Window } from './decimate.ts'
import { xExtent } from './xAxis.ts'

export function modelWindow({ x: axis, layers }: ChartModel): Window {
  if (axis.extent !== undefined) return axis.extent
  const columns = layers.flatMap((layer) => xOf(layer))
  const finite = columns.map((column) => column.filter((value) => Number.isFinite(value)))
  const ends = Float64Array.from(
    finite.flatMap((column) =>
      column.length === 0 ? [] : [least(column, axis.scale), column.at(-1)!],
    ),
  ).sort()
  return xExtent(ends, axis.scale)
}

function xOf(layer: Layer): Float64Array[] {
  return layer.kind === 'line' || layer.kind === 'band' || layer.kind === 'stack' ? [layer.x] : []
}

/** Where a log axis begins: at the first value that it can show. */
function least(column: Float64Array, scale: 'linear' | 'log'): number {
  return (scale === 'log' ? column.find((value) => value > 0) : column[0]) ?? column[0]!
}
