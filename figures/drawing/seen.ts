/** What of a figure's chart there is to draw, for files that other programs lay out. */
import type { ChartModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import { visibleExtent, visibleLayers, type Visible } from '../model/projection.ts'
import { unitOfAxis, type Unit } from './paperAxis.ts'

export interface Seen {
  readonly layers: readonly Visible[]
  readonly extent: Window
  readonly units: { readonly x: Unit; readonly y: Unit }
}

/** Enough for any page, and little enough for a text file. */
const columns = 500

export function seenOf(model: ChartModel, window: Window, hidden: ReadonlySet<string>): Seen {
  const layers = visibleLayers(model, { window, hidden }, columns)
  const extent = visibleExtent(model, layers, hidden)
  return {
    layers,
    extent,
    units: { x: unitOfAxis(model.x, window), y: unitOfAxis(model.y, extent) },
  }
}

/** Points in the axes' units; without those that a log axis can't show. */
export function scaledPoints(
  points: Float64Array,
  model: ChartModel,
  { x, y }: Seen['units'],
): (readonly [x: number, y: number])[] {
  const scaled: (readonly [number, number])[] = []
  for (let at = 0; at < points.length; at += 2) {
    const [left, up] = [points[at]! / x.size, points[at + 1]! / y.size]
    if (!Number.isFinite(left) || !Number.isFinite(up)) continue
    if ((model.x.scale === 'log' && left <= 0) || (model.y.scale === 'log' && up <= 0)) continue
    scaled.push([short(left), short(up)])
  }
  return scaled
}

/** Six digits: more than any print shows. */
export const short = (value: number) => Number(value.toPrecision(6))
