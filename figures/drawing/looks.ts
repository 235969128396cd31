/**
 * How a figure tells its lines apart: colours that differ in lightness, so that they survive grey
 * print and colour blindness, and a mark and a dash for each line besides.
 */
import { legendOf, type ChartModel } from '../model/chartModel.ts'

export type MarkShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'wedge' | 'pentagon'

export interface Look {
  readonly color: string
  /** In line widths; undefined is a whole line. */
  readonly dash: readonly number[] | undefined
  /** Undefined where one line alone needs none. */
  readonly mark: MarkShape | undefined
}

/** Lightness L* of each in turn: 21, 54, 64, 31, 71, 44, 73, 0. */
const seriesColors = [
  '#332288',
  '#D55E00',
  '#44AA99',
  '#882255',
  '#E6A000',
  '#117733',
  '#78BEE6',
  '#000000',
] as const

/** Of bands around means: what lies below is still seen. */
export const bandOpacity = 0.2

const named: Readonly<Record<string, string>> = {
  text: '#000000',
  muted: '#444444',
  faint: '#777777',
  uplink: '#332288',
  downlink: '#44AA99',
  'catch-up': '#E6A000',
  dimensional: '#777777',
  'heat-0': '#D9E4F2',
  'heat-1': '#1B0F5A',
}

/** A theme's colour on paper. */
export function paperColor(token: string): string {
  const series = /^chart-([1-8])$/.exec(token)?.[1]
  return series === undefined ? (named[token] ?? '#444444') : seriesColors[Number(series) - 1]!
}

const shapes: readonly MarkShape[] = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'wedge',
  'pentagon',
]

const dashes = [undefined, [5, 2], [1, 1.5], [6, 1.5, 1, 1.5], [9, 2.5], [3, 1.5]] as const

const chosenDashes = { dashed: [4, 2.5], dotted: [1, 2] } as const

/** The look of each name in the legend. */
export function looksOf(model: ChartModel): ReadonlyMap<string, Look> {
  const entries = legendOf(model)
  const lines = entries.filter(({ shape }) => shape === 'line')
  const looks = new Map<string, Look>()
  for (const { name, color, shape } of entries) {
    const index = lines.findIndex((line) => line.name === name)
    const isOneOfSeveral = index >= 0 && lines.length > 1
    looks.set(name, {
      color: paperColor(color),
      dash:
        shape === 'dashed' || shape === 'dotted'
          ? chosenDashes[shape]
          : isOneOfSeveral
            ? dashes[index % dashes.length]
            : undefined,
      mark: isOneOfSeveral ? shapes[index % shapes.length] : undefined,
    })
  }
  return looks
}

/** Corners of a mark of diameter `size` around a point; of equal areas, about. */
export function markOutline(shape: MarkShape, x: number, y: number, size: number): number[] {
  switch (shape) {
    case 'circle':
      return corners(16, x, y, size / 2, 0)
    case 'square':
      return corners(4, x, y, size * 0.62, Math.PI / 4)
    case 'diamond':
      return corners(4, x, y, size * 0.64, 0)
    case 'triangle':
      return corners(3, x, y + size * 0.06, size * 0.68, -Math.PI / 2)
    case 'wedge':
      return corners(3, x, y - size * 0.06, size * 0.68, Math.PI / 2)
    case 'pentagon':
      return corners(5, x, y, size * 0.56, -Math.PI / 2)
  }
}

function corners(count: number, x: number, y: number, radius: number, turn: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const angle = turn + (2 * Math.PI * at) / count
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  }).flat()
}
