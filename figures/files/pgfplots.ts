/** A figure as source for pgfplots, with its data: one axis environment that a paper can input. */
import { cellsOf } from '../drawing/cells.ts'
import { channels, mix } from '../drawing/heat.ts'
import { looksOf, paperColor, type Look, type MarkShape } from '../drawing/looks.ts'
import { axisName, paperAxis } from '../drawing/paperAxis.ts'
import { richText } from '../drawing/richText.ts'
import { scaledPoints, seenOf, short, type Seen } from '../drawing/seen.ts'
import type { Figure } from '../drawing/figure.ts'
import { legendOf, type AxisModel, type ChartModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import type { Visible } from '../model/projection.ts'
import type { FigurePreset } from '../presets.ts'
import { texRich, texText } from './tex.ts'

type Points = readonly (readonly [x: number, y: number])[]

interface Page {
  readonly model: ChartModel
  readonly window: Window
  readonly hidden: ReadonlySet<string>
  readonly seen: Seen
  readonly looks: ReadonlyMap<string, Look>
}

export function pgfplotsOf(
  { model, hidden = new Set(), options }: Figure,
  window: Window,
  { widthMm, heightMm, linePt, markPt }: FigurePreset,
): string {
  const seen = seenOf(model, window, hidden)
  const page: Page = { model, window, hidden, seen, looks: looksOf(model) }
  const { units, extent } = seen
  const legend = options?.legend ?? 'out'
  const settings = [
    `width=${widthMm}mm`,
    `height=${heightMm}mm`,
    `xlabel={${texRich(richText(axisName(model.x, units.x)))}}`,
    `ylabel={${texRich(richText(axisName(model.y, units.y)))}}`,
    ...(options?.hasTitle === true ? [`title={${texText(model.title)}}`] : []),
    ...(model.x.scale === 'log' ? ['xmode=log'] : []),
    ...(model.y.scale === 'log' ? ['ymode=log'] : []),
    ...ticks('x', model.x, window, units.x.size),
    ...ticks('y', model.y, extent, units.y.size),
    ...limits('x', window, units.x.size),
    ...limits('y', extent, units.y.size),
    'axis lines=left',
    'axis line style={-}',
    'ymajorgrids',
    'grid style={black!13}',
    `every axis plot/.append style={line width=${linePt}pt, mark size=${markPt / 2}pt}`,
    'legend cell align=left',
    legend === 'out'
      ? 'legend style={at={(0,1.03)}, anchor=south west, draw=none, legend columns=3, font=\\footnotesize}'
      : 'legend style={draw=none, fill opacity=0.85, text opacity=1, font=\\footnotesize}',
    'label style={font=\\footnotesize}',
    'tick label style={font=\\footnotesize}',
  ]
  const colors = [...new Set([...page.looks.values()].map(({ color }) => color))]
  return [
    '% Needs \\usepackage{pgfplots} and \\pgfplotsset{compat=1.16}.',
    '\\begin{tikzpicture}',
    ...colors.map(
      (color) => `\\definecolor{${colorName(color)}}{RGB}{${channels(color).join(',')}}`,
    ),
    '\\begin{axis}[',
    ...settings.map((setting) => `  ${setting},`),
    ']',
    ...heatCells(page),
    ...areas(page),
    ...references(page),
    ...lines(page, legend !== 'none'),
    '\\end{axis}',
    '\\end{tikzpicture}',
    '',
  ].join('\n')
}

const colorName = (color: string) => `hiso${color.slice(1)}`

/** Numbers that the two axes have room for. */
const room = { x: 6, y: 5 } as const

/** Short logarithmic axes have their own numbers: pgfplots would write 10^{0.5}. */
function ticks(side: 'x' | 'y', axis: AxisModel, window: Window, size: number): string[] {
  if (axis.scale !== 'log') return []
  const { ticks, minor } = paperAxis(axis, window, room[side])
  const at = (values: readonly number[]) => values.map((value) => short(value / size)).join(',')
  return [
    `${side}tick={${at(ticks.map(({ value }) => value))}}`,
    `${side}ticklabels={${ticks.map(({ text }) => `{${texRich(text)}}`).join(',')}}`,
    `minor ${side}tick={${at(minor)}}`,
  ]
}

function limits(side: 'x' | 'y', { from, to }: Window, size: number): string[] {
  const [low, high] = [short(Math.min(from, to) / size), short(Math.max(from, to) / size)]
  return [`${side}min=${low}`, `${side}max=${high}`, ...(from > to ? [`${side} dir=reverse`] : [])]
}

function table(points: Points): string {
  return `table {\n${points.map(([x, y]) => `  ${x} ${y}`).join('\n')}\n}`
}

const pgfMarks: Readonly<Record<MarkShape, string>> = {
  circle: '*',
  square: 'square*',
  triangle: 'triangle*',
  diamond: 'diamond*',
  wedge: 'triangle*, mark options={rotate=180}',
  pentagon: 'pentagon*',
}

function lines({ model, looks, seen, hidden }: Page, hasLegend: boolean): string[] {
  const shown = seen.layers.flatMap((part) => (part.kind === 'line' ? [part] : []))
  const listed = new Set(
    legendOf(model)
      .map(({ name }) => name)
      .filter((name) => !hidden.has(name)),
  )
  const ordered = shown.toSorted(
    (a, b) => Number(a.layer.isSilent !== true) - Number(b.layer.isSilent !== true),
  )
  return ordered.flatMap(({ layer, points }) => {
    const own = scaledPoints(points, model, seen.units)
    if (own.length === 0) return []
    const look = looks.get(layer.name) ?? {
      color: paperColor(layer.color),
      dash: undefined,
      mark: undefined,
    }
    const isSilent = layer.isSilent === true
    const every = Math.max(1, Math.round(own.length / 9))
    const style = [
      colorName(look.color),
      ...(isSilent ? ['line width=0.4pt', 'opacity=0.35', 'forget plot'] : []),
      ...dashOf(isSilent ? undefined : look.dash),
      ...(look.mark === undefined || isSilent
        ? ['no markers']
        : [`mark=${pgfMarks[look.mark]}`, `mark repeat=${every}`]),
    ]
    const entry =
      !isSilent && hasLegend && listed.size > 1 ? [`\\addlegendentry{${texText(layer.name)}}`] : []
    return [`\\addplot[${style.join(', ')}] ${table(own)};`, ...entry]
  })
}

function dashOf(dash: readonly number[] | undefined): string[] {
  if (dash === undefined) return ['solid']
  const parts = dash.map((length, at) => `${at % 2 === 0 ? 'on' : 'off'} ${length}pt`)
  return [`dash pattern={${parts.join(' ')}}`]
}

function areas(page: Page): string[] {
  return page.seen.layers.flatMap((part) =>
    part.kind === 'stack' ? stack(part, page) : part.kind === 'band' ? [band(part, page)] : [],
  )
}

function band({ layer, low, high }: Extract<Visible, { kind: 'band' }>, page: Page): string {
  const color = page.looks.get(layer.name)?.color ?? paperColor(layer.color)
  const outline = [
    ...scaledPoints(high, page.model, page.seen.units),
    ...scaledPoints(low, page.model, page.seen.units).reverse(),
  ]
  return `\\addplot[draw=none, fill=${colorName(color)}, fill opacity=0.2, no markers, forget plot] ${table(outline)} -- cycle;`
}

function stack({ edges }: Extract<Visible, { kind: 'stack' }>, page: Page): string[] {
  // From the top down, each covering the one above.
  return [...edges].reverse().flatMap(({ name, color, points }) => {
    const top = scaledPoints(points, page.model, page.seen.units)
    if (top.length === 0) return []
    const outline = [...top, [top.at(-1)![0], 0] as const, [top[0]![0], 0] as const]
    const fill = colorName(paperColor(color))
    const swatch = `\\fill[${fill}] (0cm,-0.08cm) rectangle (0.4cm,0.12cm);`
    return [
      `\\addplot[draw=none, fill=${fill}, no markers, legend image code/.code={${swatch}}] ${table(outline)} -- cycle;`,
      `\\addlegendentry{${texText(name)}}`,
    ]
  })
}

function references({ model, hidden, window, looks, seen }: Page): string[] {
  return model.layers.flatMap((layer) => {
    if (layer.kind !== 'reference' || hidden.has(layer.name)) return []
    const { x, y } = seen.units
    const at = short(layer.y / y.size)
    const ends = [window.from, window.to].map((end) => [short(end / x.size), at] as const)
    const color = looks.get(layer.name)?.color ?? paperColor(layer.color)
    return [
      `\\addplot[${colorName(color)}, dashed, no markers] ${table(ends)};`,
      `\\addlegendentry{${texText(layer.name)}}`,
    ]
  })
}

function heatCells({ model, hidden, window, seen }: Page): string[] {
  const { x, y } = seen.units
  return model.layers.flatMap((layer) => {
    if (layer.kind !== 'raster' || hidden.has(layer.name)) return []
    const cells = cellsOf(layer, window, seen.extent, { x: model.x.scale, y: model.y.scale })
    return cells.map(({ from, to, low, high, share }) => {
      const rgb = mix(paperColor('heat-0'), paperColor('heat-1'), share).join(',')
      const corner = (left: number, up: number) =>
        `(axis cs:${short(left / x.size)},${short(up / y.size)})`
      return `\\fill[color={rgb,255:${['red', 'green', 'blue'].map((name, at) => `${name},${rgb.split(',')[at]}`).join(';')}}] ${corner(from, low)} rectangle ${corner(to, high)};`
    })
  })
}
