/**
 * A chart model as an ECharts option: a pure function of model, window, size and theme. ECharts
 * draws axes; layers are one shape each.
 */
import {
  type AxisModel,
  type ChartModel,
  type Plot,
  Projection,
  type RasterLayer,
  type Visible,
  visibleExtent,
  visibleLayers,
  type Window,
  heatPixels,
} from '../../figures/index.ts'
import type { ChartView } from './chartView.ts'
import type { ChartOption } from './echarts.ts'
import { flatPath, type FlatPathData, type Outline } from './flatPath.ts'
import { markerSeries } from './markers.ts'
import { axisOption, plotOf } from './surroundings.ts'
import { lineLook } from './lineLook.ts'

/** A picture or a path, as ECharts' custom series takes it. */
interface Element {
  readonly type: 'image' | 'flatPath'
  /** The layer's id. */
  readonly name: string
  readonly z2: number
  readonly style: object
  readonly silent: true
  readonly shape?: { readonly path: FlatPathData }
}

export interface DrawnChart {
  readonly option: ChartOption
  /** What is drawn of the layers, lowest first where they have the same z. */
  readonly elements: readonly Element[]
  readonly projection: Projection
  readonly extent: Window
  readonly visible: readonly Visible[]
}

export function drawChart(model: ChartModel, view: ChartView): DrawnChart {
  const plot = plotOf(view)
  const visible = visibleLayers(model, view, plot.width)
  const extent = visibleExtent(model, visible, view.hidden)
  const projection = new Projection(model, plot, view.window, extent)
  const drawing = { plot, visible, extent, projection }
  const elements = elementsOf(model, view, drawing)
  return { option: optionOf(model, view, drawing, elements), elements, projection, extent, visible }
}

interface Drawing {
  readonly plot: Plot
  readonly visible: readonly Visible[]
  readonly extent: Window
  readonly projection: Projection
}

function optionOf(
  model: ChartModel,
  view: ChartView,
  drawing: Drawing,
  elements: readonly Element[],
): ChartOption {
  const { theme } = view
  const { plot, extent } = drawing
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font },
    grid: { ...plot, right: undefined, bottom: undefined, outerBoundsMode: 'none' },
    xAxis: axisOption(
      model.x,
      view.window,
      Math.min(12, plot.width / tickRoom(model.x)),
      view,
      'x',
      plot,
    ),
    yAxis: axisOption(model.y, extent, Math.min(8, plot.height / 36), view, 'y', plot),
    series: [layerSeries(elements, plot), ...markerSeries(model, view, drawing.projection)],
  }
}

/** Pixels for a tick's text on the x axis. */
const tickRoom = ({ quantity }: AxisModel): number => (quantity === 'duration' ? 78 : 60)

function elementsOf(model: ChartModel, view: ChartView, drawing: Drawing): Element[] {
  const shapes = drawing.visible.flatMap((part) => shapesOf(part, view, drawing))
  const rasters = model.layers.flatMap((layer) =>
    layer.kind === 'raster' && !view.hidden.has(layer.name)
      ? [rasterElement(layer, view, drawing)]
      : [],
  )
  return [...rasters, ...[...shapes, ...referenceShapes(model, view, drawing)].map(shapeElement)]
}

/**
 * One series for all layers: every further one would cost ECharts more than drawing what it shows.
 */
function layerSeries(elements: readonly Element[], { left: x, top: y, width, height }: Plot) {
  const isDots = ({ shape }: Element) => shape?.path.outline === 'dots'
  const children = elements.filter((element) => !isDots(element))
  const inside = {
    type: 'group',
    children,
    // Without children ECharts would leave those of the last drawing.
    $mergeChildren: children.length > 0 && 'byIndex',
    clipPath: { type: 'rect', shape: { x, y, width, height } },
  }
  return {
    type: 'custom',
    id: 'layers',
    z: 2,
    silent: true,
    data: [0],
    // Dots are whole, at the plot's edges too.
    renderItem: () => ({ type: 'group', children: [inside, ...elements.filter(isDots)] }),
  }
}

interface Shape {
  readonly name: string
  readonly points: Float32Array
  readonly outline: Outline
  readonly style: object
  /** What is higher is drawn later. */
  readonly z: number
}

function shapeElement({ name, points, outline, style, z }: Shape): Element {
  return { type: 'flatPath', name, z2: z, shape: flatPath(points, outline), style, silent: true }
}

function shapesOf(
  part: Visible,
  { theme, isMoving }: ChartView,
  { projection, plot }: Drawing,
): Shape[] {
  if (part.kind === 'stack') {
    // From the top down, each covering the one above: no seams between areas.
    return [...part.edges].reverse().map(({ name, color, points }) => ({
      name: `${part.layer.id}:${name}`,
      points: projection.area(points),
      outline: 'area',
      style: { fill: theme.color(color) },
      z: 2,
    }))
  }
  const color = theme.color(part.layer.color)
  const name = part.layer.id
  if (part.kind === 'band')
    return [
      {
        name,
        points: projection.area(part.high, part.low),
        outline: 'area',
        style: { fill: color, opacity: 0.16 },
        z: 1,
      },
    ]
  const points = projection.line(part.points)
  const { line, dots } = lineLook(part.layer, points.length / 2, plot, theme, isMoving)
  if (dots === undefined) return [{ name, points, ...line }]
  return [
    { name, points, ...line },
    { name: `${name}:points`, points: pointsWithin(points, plot), ...dots },
  ]
}

/** Those of which a dot is to be seen: a whole one, at the plot's edges too. */
function pointsWithin(points: Float32Array, { left, width }: Plot): Float32Array {
  const within: number[] = []
  for (let at = 0; at < points.length; at += 2) {
    const x = points[at]!
    if (x >= left - 0.5 && x <= left + width + 0.5) within.push(x, points[at + 1]!)
  }
  return Float32Array.from(within)
}

function referenceShapes(
  model: ChartModel,
  { theme, hidden }: ChartView,
  { projection, plot }: Drawing,
): Shape[] {
  return model.layers.flatMap((layer) => {
    if (layer.kind !== 'reference' || hidden.has(layer.name)) return []
    const y = Math.round(projection.y(layer.y)) + 0.5
    return [
      {
        name: layer.id,
        points: Float32Array.of(plot.left, y, plot.left + plot.width, y),
        outline: 'line',
        style: {
          fill: 'none',
          stroke: theme.color(layer.color),
          lineWidth: 1,
          lineDash: [5, 4],
        },
        z: 3,
      },
    ]
  })
}

/** Light is much in a dark theme and little in a light one: the tokens say which. */
function rasterElement(layer: RasterLayer, view: ChartView, { plot, extent }: Drawing): Element {
  const scale = view.rasterScale ?? 1
  const width = Math.max(1, Math.round(plot.width * scale))
  const height = Math.max(1, Math.round(plot.height * scale))
  const shares = layer.paint({ window: view.window, y: extent, width, height })
  const image = view.toImage(
    heatPixels(shares, view.theme.color('heat-0'), view.theme.color('heat-1')),
    width,
    height,
  )
  return {
    type: 'image',
    name: layer.id,
    z2: 1,
    style: { image, x: plot.left, y: plot.top, width: plot.width, height: plot.height },
    silent: true,
  }
}
