/** The layers of a chart as marks: lines with their signs, bands, stacks, heat maps, references. */
import type { ChartModel, LineLayer, RasterLayer } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import type { Projection, Visible } from '../model/projection.ts'
import type { FigurePreset } from '../presets.ts'
import type { Box, Mark } from './drawing.ts'
import { heatPixels } from './heat.ts'
import { bandOpacity, markOutline, paperColor, type Look } from './looks.ts'
import { plain } from './richText.ts'

export interface Shown {
  readonly model: ChartModel
  readonly window: Window
  readonly extent: Window
  readonly hidden: ReadonlySet<string>
  readonly looks: ReadonlyMap<string, Look>
  readonly preset: FigurePreset
  readonly plot: Box
  readonly projection: Projection
  readonly layers: readonly Visible[]
}

export function layerMarks(shown: Shown): Mark[] {
  const { model, hidden, layers } = shown
  const rasters = model.layers.flatMap((layer) =>
    layer.kind === 'raster' && !hidden.has(layer.name) ? [rasterMark(layer, shown)] : [],
  )
  const areas = layers.flatMap((part) => areaMarks(part, shown))
  // What accompanies another line lies below all lines that count.
  const lines = layers
    .flatMap((part) => (part.kind === 'line' ? [part] : []))
    .toSorted((a, b) => Number(a.layer.isSilent !== true) - Number(b.layer.isSilent !== true))
  return [
    ...rasters,
    ...areas,
    ...referenceMarks(shown),
    ...lines.flatMap(({ layer, points }, at) => lineMarks(layer, points, at, shown)),
    ...changeMarks(shown),
  ]
}

function lookOf({ looks }: Shown, name: string, color: string): Look {
  return looks.get(name) ?? { color: paperColor(color), dash: undefined, mark: undefined }
}

function areaMarks(part: Visible, shown: Shown): Mark[] {
  const { projection } = shown
  if (part.kind === 'stack')
    // From the top down, each covering the one above: no seams between areas.
    return [...part.edges].reverse().map(({ color, points }) => ({
      kind: 'area',
      points: projection.area(points),
      fill: paperColor(color),
      isClipped: true,
    }))
  if (part.kind !== 'band') return []
  const { color } = lookOf(shown, part.layer.name, part.layer.color)
  const points = projection.area(part.high, part.low)
  return [{ kind: 'area', points, fill: color, opacity: bandOpacity, isClipped: true }]
}

function lineMarks(layer: LineLayer, values: Float64Array, at: number, shown: Shown): Mark[] {
  const { preset, projection } = shown
  const { color, dash, mark } = lookOf(shown, layer.name, layer.color)
  const points = projection.line(values)
  const isSilent = layer.isSilent === true
  const width = preset.linePt * (isSilent ? 0.5 : 1)
  const own = isSilent ? (layer.dash === undefined ? undefined : [4, 2.5]) : dash
  const line: Mark = {
    kind: 'line',
    points,
    stroke: color,
    width,
    isClipped: true,
    ...(own && { dash: own.map((share) => share * preset.linePt) }),
    ...(layer.opacity !== undefined && layer.opacity < 1 && { opacity: layer.opacity }),
  }
  const isPoint = points.length === 2
  if (isSilent || (mark === undefined && !isPoint)) return [line]
  return [
    line,
    ...signs(points, at, shown).map(([x, y]): Mark => ({
      kind: 'area',
      points: markOutline(mark ?? 'circle', x, y, preset.markPt),
      fill: color,
      stroke: '#FFFFFF',
      width: preset.linePt * 0.5,
    })),
  ]
}

/** Marks on a line: at every point while they are few, else so far apart that they stay signs. */
const mostSigns = 9

function signs(points: Float32Array, at: number, { plot }: Shown): (readonly [number, number])[] {
  const all: (readonly [number, number])[] = []
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!]
    const isIn = x >= plot.left - 0.5 && x <= plot.left + plot.width + 0.5
    if (isIn && y >= plot.top - 0.5 && y <= plot.top + plot.height + 0.5) all.push([x, y])
  }
  if (all.length <= mostSigns + 3) return all
  const spacing = plot.width / mostSigns
  const chosen: (readonly [number, number])[] = []
  // Each line begins elsewhere, so that marks of lines that run together don't hide each other.
  let next = plot.left + spacing * (0.25 + 0.19 * (at % 4))
  for (const point of all) {
    if (point[0] < next) continue
    chosen.push(point)
    next = Math.max(next + spacing, point[0] + spacing * 0.5)
  }
  return chosen
}

function referenceMarks(shown: Shown): Mark[] {
  const { model, hidden, preset, plot, projection } = shown
  return model.layers.flatMap((layer): Mark[] => {
    if (layer.kind !== 'reference' || hidden.has(layer.name)) return []
    const y = projection.y(layer.y)
    return [
      {
        kind: 'line',
        points: [plot.left, y, plot.left + plot.width, y],
        stroke: lookOf(shown, layer.name, layer.color).color,
        width: preset.linePt * 0.8,
        dash: [4 * preset.linePt, 2.5 * preset.linePt],
        isClipped: true,
      },
    ]
  })
}

/** Changes of settings, and other things that happened at an x. */
function changeMarks({ model, plot, projection, preset }: Shown): Mark[] {
  return (model.markers ?? []).flatMap(({ x, text }): Mark[] => {
    const at = projection.x(x)
    if (!(at >= plot.left && at <= plot.left + plot.width)) return []
    const isRight = at > plot.left + plot.width * 0.7
    const gap = preset.textPt * 0.3
    return [
      {
        kind: 'line',
        points: [at, plot.top, at, plot.top + plot.height],
        stroke: '#777777',
        width: preset.linePt * 0.5,
        dash: [preset.linePt, 2 * preset.linePt],
      },
      {
        kind: 'text',
        spans: plain(text),
        x: isRight ? at - gap : at + gap,
        y: plot.top + preset.textPt,
        size: preset.textPt,
        fill: '#444444',
        anchor: isRight ? 'end' : 'start',
      },
    ]
  })
}

/** Pixels per point of a heat map: 200 per inch of a column, and no more than a page can use. */
const heatDensity = 2.8
const mostPixels = 900

function rasterMark(layer: RasterLayer, { window, extent, plot }: Shown): Mark {
  const scale = Math.min(heatDensity, mostPixels / Math.max(plot.width, plot.height))
  const columns = Math.max(1, Math.round(plot.width * scale))
  const rows = Math.max(1, Math.round(plot.height * scale))
  const shares = layer.paint({ window, y: extent, width: columns, height: rows })
  const pixels = heatPixels(shares, paperColor('heat-0'), paperColor('heat-1'))
  return { kind: 'image', box: plot, columns, rows, pixels }
}
