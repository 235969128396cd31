/**
 * From values to pixels: which part of a model's layers is visible, how far the y axis reaches, and
 * the outlines to draw.
 */
import { fromScale, paddedExtent, toScale } from './axis.ts'
import type { AxisModel, BandLayer, ChartModel, LineLayer, StackLayer } from './chartModel.ts'
import { averageColumns, decimate, type Window } from './decimate.ts'

/** A plot's rectangle, in pixels. */
export interface Plot {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The visible part of a layer in values: x, y, x, y... */
export type Visible =
  | { readonly kind: 'line'; readonly layer: LineLayer; readonly points: Float64Array }
  | {
      readonly kind: 'band'
      readonly layer: BandLayer
      readonly low: Float64Array
      readonly high: Float64Array
    }
  | {
      readonly kind: 'stack'
      readonly layer: StackLayer
      /** Upper edges, bottom part first. */
      readonly edges: readonly {
        readonly name: string
        readonly color: string
        readonly points: Float64Array
      }[]
    }

export interface ViewedWindow {
  readonly window: Window
  readonly hidden: ReadonlySet<string>
  readonly isMoving?: boolean
}

/** Lines from which on they share the time that a frame has. */
const manyLayers = 8

/** What of the layers is to be seen in a window, decimated to the plot's width. */
export function visibleLayers(
  model: ChartModel,
  { window, hidden, isMoving }: ViewedWindow,
  width: number,
): Visible[] {
  const visible: Visible[] = []
  const toUnit = unitOf(model.x, window)
  // The eye does not tell one pixel's extremes from two pixels', nor those of a moving line from
  // four.
  const share = model.layers.length <= manyLayers ? 1 : isMoving ? 5 : 2
  const columns = Math.max(16, Math.round(width / share))
  for (const layer of model.layers) {
    if (layer.kind === 'stack') visible.push(stackEdges(layer, window, columns, hidden))
    else if (hidden.has(layer.name)) continue
    else if (layer.kind === 'line') {
      const points = decimate(layer.x, layer.y, window, columns, toUnit)
      if (points.length > 0) visible.push({ kind: 'line', layer, points })
    } else if (layer.kind === 'band') {
      const low = decimate(layer.x, layer.low, window, columns >> 1, toUnit, 'least')
      const high = decimate(layer.x, layer.high, window, columns >> 1, toUnit, 'greatest')
      if (low.length > 0)
        visible.push({
          kind: 'band',
          layer,
          low: widened(low, window),
          high: widened(high, window),
        })
    }
  }
  return visible
}

/**
 * How far the y axis reaches: around what is visible, and no further. @param more points that are
 * visible too
 */
export function visibleExtent(
  model: ChartModel,
  visible: readonly Visible[],
  hidden: ReadonlySet<string>,
  more: readonly Float64Array[] = [],
): Window {
  let low = Infinity
  let high = -Infinity
  const isLog = model.y.scale === 'log'
  const look = (points: Float64Array) => {
    for (let at = 1; at < points.length; at += 2) {
      const value = points[at]!
      if (!Number.isFinite(value) || (isLog && !(value > 0))) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  more.forEach(look)
  for (const part of visible) {
    if (part.kind === 'line') look(part.points)
    else if (part.kind === 'band') [part.low, part.high].forEach(look)
    else if (part.edges.length > 0) {
      part.edges.forEach(({ points }) => look(points))
      low = Math.min(low, 0)
    }
  }
  for (const layer of model.layers)
    if (layer.kind === 'reference' && !hidden.has(layer.name)) {
      low = Math.min(low, layer.y)
      high = Math.max(high, layer.y)
    }
  return paddedExtent(model.y, low, high)
}

/** Maps values to the pixels of a plot. */
export class Projection {
  readonly plot: Plot
  readonly #x: { readonly axis: AxisModel; readonly from: number; readonly perUnit: number }
  readonly #y: { readonly axis: AxisModel; readonly from: number; readonly perUnit: number }

  constructor(model: Pick<ChartModel, 'x' | 'y'>, plot: Plot, x: Window, y: Window) {
    this.plot = plot
    this.#x = side(model.x, x, plot.width)
    this.#y = side(model.y, y, plot.height)
  }

  x(value: number): number {
    return this.plot.left + (toScale(this.#x.axis.scale, value) - this.#x.from) * this.#x.perUnit
  }

  y(value: number): number {
    const { top, height } = this.plot
    return top + height - (toScale(this.#y.axis.scale, value) - this.#y.from) * this.#y.perUnit
  }

  valueAtX(pixel: number): number {
    return fromScale(this.#x.axis.scale, (pixel - this.plot.left) / this.#x.perUnit + this.#x.from)
  }

  valueAtY(pixel: number): number {
    const { top, height } = this.plot
    return fromScale(this.#y.axis.scale, (top + height - pixel) / this.#y.perUnit + this.#y.from)
  }

  /** Pixels of x, y, x, y...; what a log axis can't show is left out. */
  line(points: Float64Array): Float32Array {
    const pixels = new Float32Array(points.length)
    let length = 0
    for (let at = 0; at < points.length; at += 2) {
      const x = this.x(points[at]!)
      const y = this.y(points[at + 1]!)
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue
      pixels[length++] = x
      pixels[length++] = y
    }
    return pixels.subarray(0, length)
  }

  /**
   * The outline between two lines: along the upper one, back along the lower. Without a lower one
   * down to the plot's floor.
   */
  area(upper: Float64Array, lower?: Float64Array): Float32Array {
    const top = this.line(upper)
    const floor = this.plot.top + this.plot.height
    const bottom = lower
      ? this.line(lower)
      : Float32Array.of(top[0] ?? 0, floor, top[top.length - 2] ?? 0, floor)
    const pixels = new Float32Array(top.length + bottom.length)
    pixels.set(top)
    for (let at = 0; at < bottom.length; at += 2) {
      pixels[top.length + at] = bottom[bottom.length - 2 - at]!
      pixels[top.length + at + 1] = bottom[bottom.length - 1 - at]!
    }
    return pixels
  }
}

function side(axis: AxisModel, { from, to }: Window, pixels: number) {
  const low = toScale(axis.scale, from)
  const extent = toScale(axis.scale, to) - low
  return { axis, from: low, perUnit: pixels / (extent || 1) }
}

/** x as a share of the window, along the axis. */
export function unitOf({ scale }: AxisModel, { from, to }: Window): (x: number) => number {
  if (scale === 'linear') {
    const perUnit = 1 / (to - from)
    return (x) => (x - from) * perUnit
  }
  const low = Math.log10(from)
  const perUnit = 1 / (Math.log10(to) - low)
  return (x) => (Math.log10(x) - low) * perUnit
}

/** An area over a single point would have no width: it reaches back to where the window begins. */
function widened(points: Float64Array, { from }: Window): Float64Array {
  return points.length === 2 && points[0]! > from
    ? Float64Array.of(from, points[1]!, ...points)
    : points
}

function stackEdges(
  layer: StackLayer,
  window: Window,
  columns: number,
  hidden: ReadonlySet<string>,
): Visible {
  let below: Float64Array | undefined
  const edges = layer.parts
    .filter(({ name }) => !hidden.has(name))
    .map(({ name, color, y }) => {
      const points = widened(averageColumns(layer.x, y, window, columns), window)
      if (below !== undefined)
        for (let at = 1; at < points.length; at += 2) points[at]! += below[at] ?? 0
      below = points
      return { name, color, points }
    })
  return { kind: 'stack', layer, edges }
}
