/** A chart on a page of a preset: from values to marks in points. */
import { hasData, type ChartModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import { Projection, visibleExtent, visibleLayers } from '../model/projection.ts'
import type { FigurePreset } from '../presets.ts'
import { millimetre, type Box, type Drawing, type Mark } from './drawing.ts'
import { layerMarks } from './layerMarks.ts'
import { legendLayout } from './legend.ts'
import { looksOf } from './looks.ts'
import type { PageOptions } from './pageOptions.ts'
import { paperAxis, type PaperAxis } from './paperAxis.ts'
import { plain, plainText, textWidth, type RichText } from './richText.ts'

const ink = '#000000'
const gridColor = '#DDDDDD'

/** @param window of the x axis; @param hidden names that are left out */
export function layOut(
  model: ChartModel,
  window: Window,
  hidden: ReadonlySet<string>,
  preset: FigurePreset,
  { legend, isTransparent, hasTitle }: PageOptions,
): Drawing {
  const width = preset.widthMm * millimetre
  const height = preset.heightMm * millimetre
  const { textPt: size } = preset
  const looks = looksOf(model)
  const title = hasTitle ? size * 1.9 : 0
  const outside =
    legend === 'out' ? legendLayout(model, looks, hidden, preset, width - size) : undefined
  const top = title + (outside === undefined ? size * 0.6 : outside.height + size * 0.9)
  const layers = visibleLayers(model, { window, hidden }, Math.round(width * 2))
  const extent = visibleExtent(model, layers, hidden)
  const yRoom = Math.max(2, (height - top) / (size * 3.2))
  const yAxis = paperAxis(model.y, extent, yRoom)
  const plot = plotBox(width, height, top, size, yAxis)
  const xAxis = paperAxis(model.x, window, Math.max(2, plot.width / (size * 5)))
  const projection = new Projection(model, plot, window, extent)
  const frame = frameMarks({ model, plot, projection, xAxis, yAxis, preset })
  const shown = { model, window, extent, hidden, looks, preset, plot, projection, layers }
  const inside =
    legend === 'in' ? legendLayout(model, looks, hidden, preset, plot.width * 0.6) : undefined
  const marks: Mark[] = [
    ...frame.below,
    ...layerMarks(shown),
    ...frame.above,
    ...(outside === undefined ? [] : outside.at(size * 0.5, title + size * 0.3)),
    ...(inside === undefined ? [] : inside.inPlot(plot, layers, projection)),
    ...(hasTitle ? [titleMark(model.title, width, size)] : []),
    ...(hasData(model) ? [] : [emptyMark(model, plot, size)]),
  ]
  return {
    width,
    height,
    background: isTransparent ? undefined : '#FFFFFF',
    plot,
    marks,
    description: `${model.title}: ${plainText(yAxis.name)} against ${plainText(xAxis.name)}`,
  }
}

function plotBox(width: number, height: number, top: number, size: number, y: PaperAxis): Box {
  const ticks = Math.max(0, ...y.ticks.map(({ text }) => textWidth(text, size)))
  const left = ticks + size * 2.3
  const bottom = size * 3
  return {
    left,
    top,
    width: Math.max(size, width - left - size * 1.1),
    height: Math.max(size, height - top - bottom),
  }
}

interface Frame {
  readonly model: ChartModel
  readonly plot: Box
  readonly projection: Projection
  readonly xAxis: PaperAxis
  readonly yAxis: PaperAxis
  readonly preset: FigurePreset
}

function frameMarks({ model, plot, projection, xAxis, yAxis, preset }: Frame) {
  const { textPt: size, linePt } = preset
  const thin = linePt * 0.6
  const right = plot.left + plot.width
  const floor = plot.top + plot.height
  const line = (points: number[], stroke: string, width: number): Mark => ({
    kind: 'line',
    points,
    stroke,
    width,
  })
  const words = (spans: RichText, x: number, y: number, more: Partial<Mark>): Mark =>
    ({ kind: 'text', spans, x, y, size, fill: ink, anchor: 'middle', ...more }) as Mark
  const tick = size * 0.32
  const isIn = (at: number, low: number, high: number) => at >= low - 0.01 && at <= high + 0.01
  const xTicks = xAxis.ticks
    .map(({ value, text }) => ({ at: projection.x(value), text }))
    .filter(({ at }) => isIn(at, plot.left, right))
  const yTicks = yAxis.ticks
    .map(({ value, text }) => ({ at: projection.y(value), text }))
    .filter(({ at }) => isIn(at, plot.top, floor))
  const xMinor = xAxis.minor
    .map((value) => projection.x(value))
    .filter((at) => isIn(at, plot.left, right))
  const yMinor = yAxis.minor
    .map((value) => projection.y(value))
    .filter((at) => isIn(at, plot.top, floor))
  const below = model.layers.some(({ kind }) => kind === 'raster')
    ? []
    : yTicks.map(({ at }) => line([plot.left, at, right, at], gridColor, thin))
  const above = [
    line([plot.left, plot.top, plot.left, floor, right, floor], ink, thin),
    ...xTicks.map(({ at }) => line([at, floor, at, floor + tick], ink, thin)),
    ...xMinor.map((at) => line([at, floor, at, floor + tick * 0.6], ink, thin * 0.7)),
    ...yTicks.map(({ at }) => line([plot.left - tick, at, plot.left, at], ink, thin)),
    ...yMinor.map((at) => line([plot.left - tick * 0.6, at, plot.left, at], ink, thin * 0.7)),
    ...apart(xTicks, size, right + size).map(({ at, text }) =>
      words(text, at, floor + tick + size * 0.95, {}),
    ),
    ...yTicks.map(({ at, text }) =>
      words(text, plot.left - tick - size * 0.25, at + size * 0.36, { anchor: 'end' }),
    ),
    words(xAxis.name, plot.left + plot.width / 2, floor + size * 2.55, {}),
    words(yAxis.name, size * 1.05, plot.top + plot.height / 2, { isTurned: true }),
  ]
  return { below, above }
}

/** Leaves out texts that would touch the one before. */
function apart(
  ticks: readonly { readonly at: number; readonly text: RichText }[],
  size: number,
  edge: number,
) {
  let free = -Infinity
  return ticks
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at, text }) => {
      const half = textWidth(text, size) / 2
      if (at - half < free || at + half > edge + size) return false
      free = at + half + size * 0.5
      return true
    })
}

function titleMark(title: string, width: number, size: number): Mark {
  return {
    kind: 'text',
    spans: plain(title),
    x: width / 2,
    y: size * 1.3,
    size: size * 1.1,
    fill: ink,
    anchor: 'middle',
  }
}

function emptyMark(model: ChartModel, { left, top, width, height }: Box, size: number): Mark {
  return {
    kind: 'text',
    spans: plain(model.emptyText ?? 'Nothing was measured.'),
    x: left + width / 2,
    y: top + height / 2,
    size,
    fill: '#444444',
    anchor: 'middle',
  }
}
