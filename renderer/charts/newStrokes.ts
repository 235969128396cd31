/**
 * What has come to a chart of lines since it was drawn, in its own pixels: drawing that over the
 * chart gives the picture that drawing all of it would give, for the price of a few strokes. Pure
 * functions; liveTail.ts draws them.
 */
import {
  type AxisModel,
  type ChartModel,
  decimate,
  lastMeasured,
  type LineLayer,
  type Marker,
  unitOf,
  visibleExtent,
  type Window,
} from '../../figures/index.ts'
import type { DrawnChart } from './chartOption.ts'
import { lineLook, type Look } from './lineLook.ts'
import type { ChartTheme } from './theme.ts'

/** A chart as it was drawn in full. */
export interface FullDrawing extends Pick<DrawnChart, 'projection' | 'extent' | 'visible'> {
  readonly model: ChartModel
  readonly window: Window
  readonly hidden: ReadonlySet<string>
  readonly theme: ChartTheme
}

/** A path to draw: x, y, x, y... in pixels of the chart. */
export interface Stroke extends Look {
  readonly points: Float32Array
  /** Pixels of dashes before its first point. */
  readonly dashOffset: number
}

/**
 * Whether a chart is one that can be drawn on: lines, and nothing that a new point changes
 * everywhere.
 */
export function isExtensible({ layers }: ChartModel): boolean {
  return layers.length > 0 && layers.every(({ kind }) => kind === 'line')
}

/**
 * The strokes that are missing, lowest first.
 * @returns undefined where they would not do: the axes have to reach further, or more than new
 *   points is new
 */
export function newStrokes(
  full: FullDrawing,
  model: ChartModel,
  window: Window,
): readonly Stroke[] | undefined {
  const isSame =
    isExtensible(model) &&
    full.model.layers.length === model.layers.length &&
    isSameWindow(full.window, window) &&
    isSameAxis(full.model.x, model.x) &&
    isSameAxis(full.model.y, model.y) &&
    areSameMarkers(full.model.markers, model.markers)
  if (!isSame) return undefined
  const strokes: Stroke[] = []
  for (const [at, layer] of model.layers.entries()) {
    const own = strokesOf(full, full.model.layers[at] as LineLayer, layer as LineLayer)
    if (own === undefined) return undefined
    strokes.push(...own)
  }
  return strokes.sort((a, b) => a.z - b.z)
}

function strokesOf(
  full: FullDrawing,
  drawn: LineLayer,
  layer: LineLayer,
): readonly Stroke[] | undefined {
  const { projection, window, hidden, theme, visible, model } = full
  const last = lastMeasured(drawn.y)
  if (last < 0) return lastMeasured(layer.y) < 0 ? [] : undefined
  if (!isGrown(drawn, layer, last)) return undefined
  if (hidden.has(layer.name)) return []
  const before = visible.find((part) => part.kind === 'line' && part.layer.id === layer.id)
  if (before?.kind !== 'line') return undefined
  const { plot } = projection
  const fresh = decimate(
    layer.x.subarray(last),
    layer.y.subarray(last),
    window,
    Math.max(16, Math.round(plot.width)),
    unitOf(model.x, window),
  )
  if (fresh.length <= 2) return []
  if (!isWithin(fresh, full)) return undefined
  const points = before.points.length / 2
  const look = lineLook(layer, points, plot, theme)
  // One that has become dense is drawn with thinner strokes, all of it.
  if (!isSameLook(look, lineLook(layer, points + fresh.length / 2 - 1, plot, theme)))
    return undefined
  const pixels = projection.line(fresh)
  const line: Stroke = {
    ...look.line,
    points: pixels,
    dashOffset: layer.dash === undefined ? 0 : lengthOf(projection.line(before.points)),
  }
  return look.dots === undefined ? [line] : [line, { ...look.dots, points: pixels, dashOffset: 0 }]
}

/** A line whose past is another one was thinned, smoothed, or belongs to another run. */
function isGrown(drawn: LineLayer, layer: LineLayer, last: number): boolean {
  return (
    drawn.id === layer.id &&
    layer.x[last] === drawn.x[last] &&
    layer.y[last] === drawn.y[last] &&
    layer.x[drawn.x.length - 1] === drawn.x.at(-1)
  )
}

/**
 * Whether the y axis would be the same with these points. A log axis keeps some air: it would move
 * with every new extreme.
 */
function isWithin(points: Float64Array, { extent, model, visible, hidden }: FullDrawing): boolean {
  const { from, to } = visibleExtent(model, visible, hidden, [points])
  if (model.y.scale === 'linear') return from === extent.from && to === extent.to
  for (let at = 1; at < points.length; at += 2)
    if (points[at]! > extent.to || (points[at]! > 0 && points[at]! < extent.from)) return false
  return true
}

type LineLook = ReturnType<typeof lineLook>

function isSameLook(one: LineLook, other: LineLook): boolean {
  return (
    one.line.outline === other.line.outline &&
    one.line.style.lineWidth === other.line.style.lineWidth &&
    (one.dots === undefined) === (other.dots === undefined)
  )
}

/** Of a path, in pixels: dashes go on where they had got to. */
function lengthOf(points: Float32Array): number {
  let length = 0
  for (let at = 2; at < points.length; at += 2)
    length += Math.hypot(points[at]! - points[at - 2]!, points[at + 1]! - points[at - 1]!)
  return length
}

function isSameWindow(one: Window, other: Window): boolean {
  return one.from === other.from && one.to === other.to
}

function isSameAxis(one: AxisModel, other: AxisModel): boolean {
  return one.label === other.label && one.quantity === other.quantity && one.scale === other.scale
}

function areSameMarkers(one: readonly Marker[] = [], other: readonly Marker[] = []): boolean {
  return (
    one.length === other.length &&
    one.every(({ x, text }, at) => x === other[at]!.x && text === other[at]!.text)
  )
}
