/** A figure as a Vega-Lite 5 specification with its data, for notebooks and web pages. */
import { cellsOf } from '../drawing/cells.ts'
import { millimetre } from '../drawing/drawing.ts'
import { looksOf, paperColor, type MarkShape } from '../drawing/looks.ts'
import { axisName } from '../drawing/paperAxis.ts'
import { plainText, richText } from '../drawing/richText.ts'
import { scaledPoints, seenOf, short, type Seen } from '../drawing/seen.ts'
import type { Figure } from '../drawing/figure.ts'
import { legendOf, type AxisModel, type ChartModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import type { FigurePreset } from '../presets.ts'

const vegaShapes: Readonly<Record<MarkShape, string>> = {
  circle: 'circle',
  square: 'square',
  triangle: 'triangle-up',
  diamond: 'diamond',
  wedge: 'triangle-down',
  pentagon: 'cross',
}

interface Page {
  readonly model: ChartModel
  readonly window: Window
  readonly hidden: ReadonlySet<string>
  readonly seen: Seen
  readonly x: object
  readonly y: object
}

export function vegaLiteOf(
  { model, hidden = new Set(), options }: Figure,
  window: Window,
  { widthMm, heightMm, textPt, linePt }: FigurePreset,
): string {
  const seen = seenOf(model, window, hidden)
  const { units, extent } = seen
  const page: Page = {
    model,
    window,
    hidden,
    seen,
    x: channel('x', model.x, window, units.x),
    y: channel('y', model.y, extent, units.y),
  }
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: model.title,
    ...(options?.hasTitle === true ? { title: model.title } : {}),
    width: Math.round(widthMm * millimetre),
    height: Math.round(heightMm * millimetre),
    autosize: { type: 'fit', contains: 'padding' },
    background: options?.isTransparent === true ? null : 'white',
    config: {
      axis: { labelFontSize: textPt, titleFontSize: textPt, titleFontWeight: 'normal' },
      legend: {
        labelFontSize: textPt,
        title: null,
        ...(options?.legend === 'in' ? { orient: 'top-right' } : { orient: 'top' }),
      },
      line: { strokeWidth: linePt },
    },
    layer: [
      ...heatLayers(page),
      ...areaLayers(page),
      ...lineLayers(page, options?.legend !== 'none'),
      ...referenceLayers(page),
    ],
  }
  return `${JSON.stringify(spec, null, 1)}\n`
}

function channel(field: string, axis: AxisModel, { from, to }: Window, unit: Seen['units']['x']) {
  return {
    field,
    type: 'quantitative',
    title: plainText(richText(axisName(axis, unit))),
    scale: {
      type: axis.scale,
      domain: [short(Math.min(from, to) / unit.size), short(Math.max(from, to) / unit.size)],
      nice: false,
      zero: false,
      ...(from > to ? { reverse: true } : {}),
    },
  }
}

function lineLayers({ model, hidden, seen, x, y }: Page, hasLegend: boolean): object[] {
  const looks = looksOf(model)
  const shown = seen.layers.flatMap((part) => (part.kind === 'line' ? [part] : []))
  const valuesOf = (isSilent: boolean) =>
    shown
      .filter(({ layer }) => (layer.isSilent === true) === isSilent)
      .flatMap(({ layer, points }) =>
        scaledPoints(points, model, seen.units).map(([left, up]) => ({
          x: left,
          y: up,
          name: layer.name,
          line: layer.id,
        })),
      )
  const names = legendOf(model)
    .map(({ name }) => name)
    .filter((name) => looks.has(name) && !hidden.has(name))
  const color = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range: names.map((name) => looks.get(name)!.color) },
    ...(hasLegend && names.length > 1 ? {} : { legend: null }),
  }
  const dash = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range: names.map((name) => looks.get(name)!.dash ?? [1, 0]) },
    legend: null,
  }
  const shape = {
    field: 'name',
    type: 'nominal',
    scale: {
      domain: names,
      range: names.map((name) => vegaShapes[looks.get(name)!.mark ?? 'circle']),
    },
    legend: null,
  }
  const silent = valuesOf(true)
  const named = valuesOf(false)
  const hasMarks = [...looks.values()].some(({ mark }) => mark !== undefined)
  const signs = hasMarks ? everyNinth(named) : []
  return [
    ...(silent.length === 0
      ? []
      : [
          {
            data: { values: silent },
            mark: { type: 'line', strokeWidth: 0.5, opacity: 0.35 },
            encoding: { x, y, color, detail: { field: 'line' } },
          },
        ]),
    ...(named.length === 0
      ? []
      : [{ data: { values: named }, mark: 'line', encoding: { x, y, color, strokeDash: dash } }]),
    ...(signs.length === 0
      ? []
      : [
          {
            data: { values: signs },
            mark: { type: 'point', filled: true, opacity: 1 },
            encoding: { x, y, color, shape },
          },
        ]),
  ]
}

/** Few enough of each line's points that marks stay apart. */
function everyNinth<Point extends { readonly line: string }>(points: readonly Point[]): Point[] {
  return [...new Set(points.map(({ line }) => line))].flatMap((line) => {
    const own = points.filter((point) => point.line === line)
    const step = Math.max(1, Math.round(own.length / 9))
    return own.filter((_, at) => at % step === 0)
  })
}

function areaLayers({ model, seen, x, y }: Page): object[] {
  return seen.layers.flatMap((part): object[] => {
    if (part.kind === 'band') {
      const low = scaledPoints(part.low, model, seen.units)
      const values = scaledPoints(part.high, model, seen.units).map(([left, up]) => ({
        x: left,
        y: up,
        low: low.findLast(([at]) => at <= left)?.[1] ?? up,
      }))
      const mark = { type: 'area', color: paperColor(part.layer.color), opacity: 0.2 }
      return [{ data: { values }, mark, encoding: { x, y, y2: { field: 'low' } } }]
    }
    if (part.kind !== 'stack') return []
    // From the top down, each covering the one above.
    return [...part.edges].reverse().map(({ name, color, points }) => ({
      data: {
        values: scaledPoints(points, model, seen.units).map(([left, up]) => ({
          x: left,
          y: up,
          name,
        })),
      },
      mark: { type: 'area', color: paperColor(color) },
      encoding: { x, y, y2: { datum: 0 } },
    }))
  })
}

function referenceLayers({ model, hidden, seen, y }: Page): object[] {
  return model.layers.flatMap((layer) =>
    layer.kind !== 'reference' || hidden.has(layer.name)
      ? []
      : [
          {
            data: { values: [{ y: short(layer.y / seen.units.y.size), name: layer.name }] },
            mark: { type: 'rule', strokeDash: [4, 3], color: paperColor(layer.color) },
            encoding: { y },
          },
        ],
  )
}

function heatLayers({ model, hidden, window, seen, x, y }: Page): object[] {
  return model.layers.flatMap((layer) => {
    if (layer.kind !== 'raster' || hidden.has(layer.name)) return []
    const cells = cellsOf(layer, window, seen.extent, { x: model.x.scale, y: model.y.scale })
    const values = cells.map(({ from, to, low, high, share }) => ({
      x: short(from / seen.units.x.size),
      right: short(to / seen.units.x.size),
      y: short(low / seen.units.y.size),
      top: short(high / seen.units.y.size),
      share,
    }))
    const range = [paperColor('heat-0'), paperColor('heat-1')]
    const color = {
      field: 'share',
      type: 'quantitative',
      scale: { domain: [0, 1], range },
      legend: null,
    }
    return [
      {
        data: { values },
        mark: 'rect',
        encoding: { x, x2: { field: 'right' }, y, y2: { field: 'top' }, color },
      },
    ]
  })
}
