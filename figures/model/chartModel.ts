/**
 * What a chart shows, as data: axes and layers, without pixels, colours or ECharts. chartOption.ts
 * draws it, and readout.ts puts it into words and tables.
 */
import type { Window } from './decimate.ts'

/** What a number counts or measures: decides how ticks and values are written. */
export type Quantity = 'count' | 'value' | 'bytes' | 'duration' | 'share'
export type Scale = 'linear' | 'log'

export interface AxisModel {
  readonly label: string
  /** As the glossary writes it; `_{…}` is lowered. */
  readonly symbol?: string
  readonly quantity: Quantity
  readonly scale: Scale
  /** The axis reaches at least this far. */
  readonly include?: readonly number[]
  /** A fixed extent instead of one that follows the data; from above to turns the axis around. */
  readonly extent?: Window
  /** The values that were tried: ticks stand at them, and nowhere else. */
  readonly ticks?: readonly number[]
}

/** An axis' name on screen, without a unit: ticks have theirs. */
export function axisText({ label, symbol }: Pick<AxisModel, 'label' | 'symbol'>): string {
  return symbol === undefined ? label : `${label} ${symbol.replace(/[{}]/g, '')}`
}

/** A colour by its CSS token, such as `chart-1`. */
export type ColorToken = string

interface LayerBase {
  /** Stable from one drawing to the next. */
  readonly id: string
  /** In the legend; layers of one name are hidden and shown together. */
  readonly name: string
  readonly color: ColorToken
  /** Not in the legend, the readout and the table: what only accompanies another layer. */
  readonly isSilent?: boolean
}

export interface LineLayer extends LayerBase {
  readonly kind: 'line'
  /** Ascending. */
  readonly x: Float64Array
  /** NaN where nothing was measured. */
  readonly y: Float64Array
  readonly width?: number
  readonly opacity?: number
  readonly dash?: 'dashed' | 'dotted'
  /** Marks every point while there is room. */
  readonly hasPoints?: boolean
}

export interface BandLayer extends LayerBase {
  readonly kind: 'band'
  readonly x: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/** Areas on top of each other, the first at the bottom. */
export interface StackLayer {
  readonly kind: 'stack'
  readonly id: string
  readonly x: Float64Array
  readonly parts: readonly {
    readonly name: string
    readonly color: ColorToken
    readonly y: Float64Array
  }[]
}

/** A horizontal line at a value. */
interface ReferenceLayer extends LayerBase {
  readonly kind: 'reference'
  readonly y: number
}

/** Shares between 0 and 1 for each pixel of the plot, row by row from the top; NaN stays empty. */
export interface RasterLayer extends LayerBase {
  readonly kind: 'raster'
  readonly paint: (of: RasterRequest) => Float32Array
  /** What stands at a point, for the readout. */
  readonly readAt: (x: number, y: number) => string | undefined
  readonly legend: { readonly low: string; readonly high: string }
}

export interface RasterRequest {
  readonly window: Window
  readonly y: Window
  readonly width: number
  readonly height: number
}

export type Layer = LineLayer | BandLayer | StackLayer | ReferenceLayer | RasterLayer

/** Something that happened at an x: a change of a setting. */
export interface Marker {
  readonly x: number
  readonly text: string
}

export interface ChartModel {
  readonly title: string
  readonly x: AxisModel
  readonly y: AxisModel
  readonly layers: readonly Layer[]
  readonly markers?: readonly Marker[]
  /** Said beside the legend: what the picture leaves out. */
  readonly note?: string
  /** Said in place of the chart while there is nothing to draw. */
  readonly emptyText?: string
  /** The table where layers don't make one: raster charts. */
  readonly table?: () => ChartTable
}

export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What the legend lists: each name once. */
export interface LegendEntry {
  readonly name: string
  readonly color: ColorToken
  readonly shape: 'line' | 'dashed' | 'dotted' | 'area' | 'raster'
  readonly opacity?: number
}

export function legendOf(model: ChartModel): LegendEntry[] {
  const entries = new Map<string, LegendEntry>()
  const add = (entry: LegendEntry) => entries.has(entry.name) || entries.set(entry.name, entry)
  for (const layer of model.layers) {
    if (layer.kind === 'stack')
      for (const { name, color } of layer.parts) add({ name, color, shape: 'area' })
    else if (layer.isSilent !== true)
      add({ name: layer.name, color: layer.color, shape: shapeOf(layer), ...opacityOf(layer) })
  }
  return [...entries.values()]
}

function shapeOf(layer: Exclude<Layer, StackLayer>): LegendEntry['shape'] {
  if (layer.kind === 'raster') return 'raster'
  if (layer.kind === 'band') return 'area'
  return layer.kind === 'reference' ? 'dashed' : (layer.dash ?? 'line')
}

const opacityOf = (layer: Layer) =>
  layer.kind === 'line' && layer.opacity !== undefined ? { opacity: layer.opacity } : {}

/** Whether there is anything to draw. */
export function hasData(model: ChartModel): boolean {
  return model.layers.some((layer) => {
    switch (layer.kind) {
      case 'line':
        return layer.isSilent !== true && layer.x.length > 0 && !layer.y.every(Number.isNaN)
      case 'band':
      case 'stack':
        return layer.x.length > 0
      case 'raster':
        return true
      case 'reference':
        return false
    }
  })
}
