/** A chart model as an ECharts option: a pure function of model, window, size and theme. ECharts draws axes; layers are one shape each. */
import type { ChartModel, RasterLayer } from './chartModel.ts'
import type { ChartView } from './chartView.ts'
import type { Window } from './decimate.ts'
import type { ChartOption } from './echarts.ts'
import type { FlatPathData, Outline } from './flatPath.ts'
import { Projection, visibleExtent, visibleLayers, type Plot, type Visible } from './projection.ts'
import { axisOption, captions, plotOf } from './surroundings.ts'
import { lineLook, type Look } from './lineLook.ts'
import { mix } from './theme.ts'

export interface DrawnChart {
  readonly option: ChartOption
  readonly projection: Projection
  readonly extent: Window
  readonly visible: readonly Visible[]
}

export function drawChart(model: ChartModel, view: ChartView): DrawnChart {
  const plot = plotOf(view)
  const visible = visibleLayers(model, view, plot.width)
  const extent = visibleExtent(model, visible, view.hidden)
  const projection = new Projection(model, plot, view.window, extent)
  return {
    option: optionOf(model, view, { plot, visible, extent, projection }),
    projection,
    extent,
    visible,
  }
}

interface Drawing {
  readonly plot: Plot
  readonly visible: readonly Visible[]
  readonly extent: Window
  readonly projection: Projection
}

function optionOf(model: ChartModel, view: ChartView, drawing: Drawing): ChartOption {
  const { theme } = view
  const { plot, extent } = drawing
  return {
    animation: false,
    backgroundColor: view.isStandalone ? theme.color('surface') : 'transparent',
    textStyle: { fontFamily: theme.font },
    grid: { ...plot, right: undefined, bottom: undefined, outerBoundsMode: 'none' },
    xAxis: axisOption(model.x, view.window, Math.min(12, plot.width / 78), view, 'x', plot),
    yAxis: axisOption(model.y, extent, Math.min(8, plot.height / 36), view, 'y', plot),
    series: [
      ...model.layers.flatMap((layer) =>
        layer.kind === 'raster' && !view.hidden.has(layer.name)
          ? [rasterSeries(layer, view, drawing)]
          : [],
      ),
      ...drawing.visible.flatMap((part) => seriesOf(part, view, drawing)),
      ...referenceSeries(model, view, drawing),
      ...markerSeries(model, view, drawing),
    ],
    ...(view.isStandalone ? captions(model, view) : {}),
  }
}

interface Shape {
  readonly id: string
  readonly name: string
  readonly points: Float32Array
  readonly outline: Outline
  readonly style: object
  readonly legendColor: string
  readonly z: number
}

function shapeSeries({ id, name, points, outline, style, legendColor, z }: Shape) {
  return {
    type: 'custom',
    id,
    name,
    z,
    silent: true,
    clip: true,
    itemStyle: { color: legendColor },
    data: [0],
    renderItem: () => ({
      type: 'flatPath',
      shape: flatPath(points, outline),
      style,
      silent: true,
    }),
  }
}

/** ECharts copies the arrays of a shape on every drawing, but not what lies in an object with this mark. */
function flatPath(points: Float32Array, outline: Outline) {
  const path: FlatPathData = { points, outline }
  return { path: Object.assign(path, { __ec_primitive__: true }) }
}

function seriesOf(
  part: Visible,
  { theme, isMoving }: ChartView,
  { projection, plot }: Drawing,
): object[] {
  if (part.kind === 'stack') {
    // From the top down, each covering the one above: no seams between areas.
    return [...part.edges].reverse().map(({ name, color, points }, at) =>
      shapeSeries({
        id: `${part.layer.id}:${name}`,
        name,
        points: projection.area(points),
        outline: 'area',
        style: { fill: theme.color(color) },
        legendColor: theme.color(color),
        z: 2 + at * 0.01,
      }),
    )
  }
  const color = theme.color(part.layer.color)
  if (part.kind === 'band')
    return [
      shapeSeries({
        id: part.layer.id,
        name: part.layer.name,
        points: projection.area(part.high, part.low),
        outline: 'area',
        style: { fill: color, opacity: 0.16 },
        legendColor: color,
        z: 1,
      }),
    ]
  const { layer } = part
  const points = projection.line(part.points)
  const { line, dots } = lineLook(layer, points.length / 2, plot, theme, isMoving)
  const series = ({ outline, style, z }: Look, id: string) =>
    shapeSeries({ id, name: layer.name, points, outline, style, legendColor: color, z })
  return [series(line, layer.id), ...(dots ? [series(dots, `${layer.id}:points`)] : [])]
}

function referenceSeries(
  model: ChartModel,
  { theme, hidden }: ChartView,
  { projection, plot }: Drawing,
) {
  return model.layers.flatMap((layer) => {
    if (layer.kind !== 'reference' || hidden.has(layer.name)) return []
    const y = Math.round(projection.y(layer.y)) + 0.5
    const color = theme.color(layer.color)
    return [
      shapeSeries({
        id: layer.id,
        name: layer.name,
        points: Float32Array.of(plot.left, y, plot.left + plot.width, y),
        outline: 'line',
        style: { fill: 'none', stroke: color, lineWidth: 1, lineDash: [5, 4] },
        legendColor: color,
        z: 3,
      }),
    ]
  })
}

function markerSeries(
  { markers = [] }: ChartModel,
  { theme, window }: ChartView,
  { projection, plot }: Drawing,
) {
  return markers
    .filter(({ x }) => x >= window.from && x <= window.to)
    .map(({ x, text }, at) => {
      const pixel = Math.round(projection.x(x)) + 0.5
      const isRight = pixel > plot.left + plot.width - 90
      return {
        type: 'custom',
        id: `marker:${at}`,
        z: 5,
        silent: true,
        data: [0],
        renderItem: () => ({
          type: 'group',
          children: [
            {
              type: 'flatPath',
              shape: flatPath(
                Float32Array.of(pixel, plot.top, pixel, plot.top + plot.height),
                'line',
              ),
              style: { fill: 'none', stroke: theme.color('muted'), lineWidth: 1, lineDash: [3, 3] },
            },
            {
              type: 'text',
              x: pixel + (isRight ? -4 : 4),
              y: plot.top + 2,
              style: {
                text,
                fill: theme.color('muted'),
                font: `11px ${theme.font}`,
                textAlign: isRight ? 'right' : 'left',
                textVerticalAlign: 'top',
                backgroundColor: theme.color('surface'),
                padding: [1, 2],
              },
            },
          ],
        }),
      }
    })
}

/** Light is much in a dark theme and little in a light one: the tokens say which. */
function rasterSeries(layer: RasterLayer, view: ChartView, { plot, extent }: Drawing) {
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
    type: 'custom',
    id: layer.id,
    z: 1,
    silent: true,
    clip: true,
    data: [0],
    renderItem: () => ({
      type: 'image',
      style: { image, x: plot.left, y: plot.top, width: plot.width, height: plot.height },
    }),
  }
}

/** Shares in [0, 1] as red, green, blue, alpha; NaN as nothing. */
export function heatPixels(
  shares: Float32Array,
  low: string,
  high: string,
): Uint8ClampedArray<ArrayBuffer> {
  const ramp = Array.from({ length: 256 }, (_, at) => mix(low, high, at / 255))
  const pixels = new Uint8ClampedArray(shares.length * 4)
  for (let at = 0; at < shares.length; at++) {
    const share = shares[at]!
    if (Number.isNaN(share)) continue
    const [red, green, blue] = ramp[Math.max(0, Math.min(255, Math.round(share * 255)))]!
    pixels[at * 4] = red
    pixels[at * 4 + 1] = green
    pixels[at * 4 + 2] = blue
    pixels[at * 4 + 3] = 255
  }
  return pixels
}
