/** The legend of a figure: in rows above the plot, or as a box in its emptiest corner. */
import { legendOf, type ChartModel, type LegendEntry } from '../model/chartModel.ts'
import type { Projection, Visible } from '../model/projection.ts'
import type { FigurePreset } from '../presets.ts'
import type { Box, Mark } from './drawing.ts'
import { mix } from './heat.ts'
import { bandOpacity, markOutline, paperColor, type Look } from './looks.ts'
import { plain, textWidth } from './richText.ts'

export interface LegendLayout {
  readonly width: number
  readonly height: number
  /** The legend with its upper left corner at a point. */
  readonly at: (x: number, y: number) => Mark[]
  /** The legend on white, in the corner of the plot that hides least. */
  readonly inPlot: (plot: Box, layers: readonly Visible[], projection: Projection) => Mark[]
}

interface Item {
  readonly width: number
  readonly marksAt: (x: number, y: number) => Mark[]
}

/** @returns undefined where there is nothing to tell apart */
export function legendLayout(
  model: ChartModel,
  looks: ReadonlyMap<string, Look>,
  hidden: ReadonlySet<string>,
  preset: FigurePreset,
  room: number,
): LegendLayout | undefined {
  const entries = legendOf(model).filter(({ name }) => !hidden.has(name))
  const scale = model.layers.find((layer) => layer.kind === 'raster')?.legend
  const bands = new Set(model.layers.flatMap((own) => (own.kind === 'band' ? [own.name] : [])))
  const items =
    scale === undefined
      ? entries.map((entry) =>
          entryItem(entry, looks.get(entry.name)!, preset, bands.has(entry.name)),
        )
      : [heatItem(scale, preset)]
  if (items.length < (scale === undefined ? 2 : 1)) return undefined
  const { textPt: size } = preset
  const gap = size * 1.2
  const line = size * 1.45
  const rows = rowsOf(items, room, gap)
  const width = Math.max(
    ...rows.map((row) => row.reduce((sum, item) => sum + item.width, gap * (row.length - 1))),
  )
  const height = rows.length * line
  const at = (left: number, top: number) =>
    rows.flatMap((row, index) => {
      let x = left
      return row.flatMap((item) => {
        const marks = item.marksAt(x, top + line * (index + 0.5))
        x += item.width + gap
        return marks
      })
    })
  return { width, height, at, inPlot: (...where) => boxed({ width, height, at }, size, ...where) }
}

function rowsOf(items: readonly Item[], room: number, gap: number): Item[][] {
  const rows: Item[][] = []
  let used = Infinity
  for (const item of items) {
    if (used + gap + item.width > room) {
      rows.push([])
      used = -gap
    }
    rows.at(-1)!.push(item)
    used += gap + item.width
  }
  return rows
}

function entryItem(
  { name, shape, color: token }: LegendEntry,
  { color, dash, mark }: Look,
  { textPt: size, linePt, markPt }: FigurePreset,
  isBand: boolean,
): Item {
  const sample = size * 2.4
  const words = plain(name)
  const text = (x: number, y: number): Mark => ({
    kind: 'text',
    spans: words,
    x: x + sample + size * 0.4,
    y: y + size * 0.36,
    size,
    fill: '#000000',
    anchor: 'start',
  })
  const half = size * 0.35
  const swatch = (x: number, y: number): Mark[] =>
    shape === 'area'
      ? [
          {
            kind: 'area',
            points: [x, y - half, x + sample, y - half, x + sample, y + half, x, y + half],
            fill: paperColor(token),
            ...(isBand && { opacity: bandOpacity }),
          },
        ]
      : [
          {
            kind: 'line',
            points: [x, y, x + sample, y],
            stroke: color,
            width: linePt,
            ...(dash && { dash: dash.map((share) => share * linePt) }),
          },
          ...(mark === undefined
            ? []
            : [
                {
                  kind: 'area' as const,
                  points: markOutline(mark, x + sample / 2, y, markPt),
                  fill: color,
                  stroke: '#FFFFFF',
                  width: linePt * 0.5,
                },
              ]),
        ]
  return {
    width: sample + size * 0.4 + textWidth(words, size),
    marksAt: (x, y) => [...swatch(x, y), text(x, y)],
  }
}

/** What a heat map's colours mean: from low to high. */
function heatItem(
  { low, high }: { readonly low: string; readonly high: string },
  { textPt: size }: FigurePreset,
): Item {
  const [before, behind] = [plain(low), plain(high)]
  const start = textWidth(before, size) + size * 0.5
  const bar = size * 7
  const steps = 28
  return {
    width: start + bar + size * 0.5 + textWidth(behind, size),
    marksAt: (x, y) => {
      const word = (spans: typeof before, at: number): Mark => ({
        kind: 'text',
        spans,
        x: at,
        y: y + size * 0.36,
        size,
        fill: '#000000',
        anchor: 'start',
      })
      const half = size * 0.4
      const cells = Array.from({ length: steps }, (_, step): Mark => {
        const left = x + start + (bar * step) / steps
        // To the end of the bar: later steps cover it, and no seams are left between them.
        const right = x + start + bar
        return {
          kind: 'area',
          points: [left, y - half, right, y - half, right, y + half, left, y + half],
          fill: hex(mix(paperColor('heat-0'), paperColor('heat-1'), step / (steps - 1))),
        }
      })
      return [word(before, x), ...cells, word(behind, x + start + bar + size * 0.5)]
    },
  }
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function boxed(
  { width, height, at }: Pick<LegendLayout, 'width' | 'height' | 'at'>,
  size: number,
  plot: Box,
  layers: readonly Visible[],
  projection: Projection,
): Mark[] {
  const pad = size * 0.5
  const [boxWidth, boxHeight] = [width + 2 * pad, height + 2 * pad]
  const lefts = [plot.left + plot.width - boxWidth - pad, plot.left + pad]
  const tops = [plot.top + plot.height - boxHeight - pad, plot.top + pad]
  const points = layers.flatMap((layer) =>
    layer.kind === 'line' ? [projection.line(layer.points)] : [],
  )
  const corners = tops.flatMap((top) => lefts.map((left) => ({ left, top })))
  const hidden = corners.map(({ left, top }) =>
    points.reduce((sum, line) => sum + within(line, left, top, boxWidth, boxHeight), 0),
  )
  const { left, top } = corners[hidden.indexOf(Math.min(...hidden))]!
  const right = left + boxWidth
  const floor = top + boxHeight
  return [
    {
      kind: 'area',
      points: [left, top, right, top, right, floor, left, floor],
      fill: '#FFFFFF',
      opacity: 0.85,
    },
    ...at(left + pad, top + pad),
  ]
}

function within(line: Float32Array, left: number, top: number, width: number, height: number) {
  let count = 0
  for (let i = 0; i < line.length; i += 2) {
    const [x, y] = [line[i]! - left, line[i + 1]! - top]
    if (x >= 0 && x <= width && y >= 0 && y <= height) count++
  }
  return count
}
