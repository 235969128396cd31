/** Figures that benches draw for the documentation: plain SVG, written to docs/images. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Line {
  readonly title: string
  readonly color: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** How far below the last point the title's baseline lies. */
  readonly labelDy?: number
}

/** An axis over whole powers of ten, whose ticks they are. */
export interface PowerAxis {
  readonly label: string
  /** Exponents of the first and the last tick. */
  readonly from: number
  readonly to: number
  format(value: number): string
}

const [width, height, left, right, top, bottom] = [640, 360, 60, 110, 24, 44]
const grid = '#d5d8df'

/** Lines over two logarithmic axes, each with its title behind its last point. */
export function logFigure(
  title: string,
  xAxis: PowerAxis,
  yAxis: PowerAxis,
  lines: readonly Line[],
): string {
  const x = place(xAxis, left, width - right)
  const y = place(yAxis, height - bottom, top)
  const ticks = [
    ...ticksOf(xAxis).map((tick) => text(x(tick), height - bottom + 18, 'middle', xAxis, tick)),
    ...ticksOf(yAxis).map(
      (tick) =>
        `<line x1="${left}" x2="${width - right + 10}" y1="${y(tick)}" y2="${y(tick)}" stroke="${grid}"/>${text(left - 8, y(tick) + 4, 'end', yAxis, tick)}`,
    ),
  ]
  const drawn = lines.map(({ title, color, points, labelDy = 4 }) => {
    const places = points.map(([a, b]) => [x(a).toFixed(1), y(b).toFixed(1)] as const)
    const [lastX, lastY] = places.at(-1) ?? [String(left), String(top)]
    return [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((it) => it.join()).join(' ')}"/>`,
      ...places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3.5" fill="${color}"/>`),
      `<text x="${(Number(lastX) + 10).toFixed(1)}" y="${(Number(lastY) + labelDy).toFixed(1)}" fill="${color}">${title}</text>`,
    ].join('\n')
  })
  return svg(height, title, [
    ...ticks,
    ...drawn,
    `<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">${xAxis.label}</text>`,
    `<text x="${left - 48}" y="14">${yAxis.label}</text>`,
  ])
}

export interface Bar {
  readonly title: string
  readonly color: string
  readonly value: number
  /** Behind the bar's end. */
  readonly label: string
}

/** Bars row by row, on a logarithmic axis whose first tick they begin at. */
export function logBars(title: string, axis: PowerAxis, bars: readonly Bar[]): string {
  const [first, rowHeight, from, to] = [16, 34, 190, width - 130]
  const end = first + bars.length * rowHeight
  const x = place(axis, from, to)
  return svg(end + 40, title, [
    ...ticksOf(axis).map(
      (tick) =>
        `<line x1="${x(tick)}" x2="${x(tick)}" y1="${first - 8}" y2="${end}" stroke="${grid}"/>${text(x(tick), end + 16, 'middle', axis, tick)}`,
    ),
    `<text x="${(from + to) / 2}" y="${end + 34}" text-anchor="middle">${axis.label}</text>`,
    ...bars.flatMap(({ title, color, value, label }, at) => {
      const y = first + at * rowHeight + 14
      return [
        `<text x="${from - 14}" y="${y + 4}" text-anchor="end">${title}</text>`,
        `<rect x="${from}" y="${y - 8}" width="${(x(value) - from).toFixed(1)}" height="16" rx="2" fill="${color}"/>`,
        `<text x="${(x(value) + 8).toFixed(1)}" y="${y + 4}" fill="${color}">${label}</text>`,
      ]
    }),
  ])
}

export interface Spreads {
  readonly title: string
  /** Of the axis. */
  readonly label: string
  /** What stands on the left, row by row. */
  readonly rows: readonly string[]
  readonly series: readonly {
    readonly title: string
    readonly color: string
    /** Of each row; a row without values is left empty. */
    readonly values: readonly (readonly number[])[]
  }[]
}

/** Each value a dot and each mean a bar, row by row, on an axis from 0. */
export function spreadFigure({ title, label, rows, series }: Spreads): string {
  const [first, rowHeight, from, to] = [44, 34, 190, width - 24]
  const end = first + rows.length * rowHeight
  const largest = Math.max(1, ...series.flatMap(({ values }) => values.flat()))
  const step = niceStep(largest / 6)
  const x = (value: number) => from + (value / (step * Math.ceil(largest / step))) * (to - from)
  const ticks = Array.from({ length: Math.ceil(largest / step) + 1 }, (_, i) => i * step)
  return svg(end + 40, title, [
    ...ticks.map(
      (tick) =>
        `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${first - 8}" y2="${end}" stroke="${grid}"/><text x="${x(tick).toFixed(1)}" y="${end + 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${(from + to) / 2}" y="${end + 34}" text-anchor="middle">${label}</text>`,
    ...series.map(
      ({ title, color }, index) =>
        `<circle cx="${from + 110 * index}" cy="18" r="3.5" fill="${color}"/><text x="${from + 110 * index + 10}" y="22" fill="${color}">${title}</text>`,
    ),
    ...rows.map(
      (row, at) =>
        `<text x="${from - 14}" y="${first + at * rowHeight + 18}" text-anchor="end">${row}</text>`,
    ),
    ...series.flatMap(({ color, values }, index) =>
      values.flatMap((of, at) => {
        const y = first + at * rowHeight + 8 + 12 * index
        if (of.length === 0) return []
        const mean = x(of.reduce((sum, value) => sum + value, 0) / of.length).toFixed(1)
        return [
          `<line x1="${mean}" x2="${mean}" y1="${y - 6}" y2="${y + 6}" stroke="${color}" stroke-width="2"/>`,
          ...of.map(
            (value) =>
              `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="3.5" fill="${color}" fill-opacity="0.6"/>`,
          ),
        ]
      }),
    ),
  ])
}

/** Writes docs/images/NAME.svg of the working tree that the bench was started in. */
export function writeFigure(name: string, figure: string): void {
  const file = join(process.env['INIT_CWD'] ?? process.cwd(), 'docs/images', `${name}.svg`)
  writeFileSync(file, figure)
  console.log(`Wrote ${file}`)
}

function svg(height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#454b58">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

function ticksOf({ from, to }: PowerAxis): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
}

function place({ from, to }: PowerAxis, start: number, end: number): (value: number) => number {
  return (value) => start + ((Math.log10(value) - from) / (to - from)) * (end - start)
}

function text(x: number, y: number, anchor: string, axis: PowerAxis, tick: number): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${axis.format(tick)}</text>`
}

/** The smallest of 1, 2, 5, 10, 20… that is not below. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((it) => it * power >= least) ?? 10)
}
