/**
 * Colours for charts, read from the CSS tokens, so that charts and the rest of the app change theme
 * together.
 */
import { factsOfMethod, type MethodName } from '../../core/config/index.ts'
import type { ColorToken } from './chartModel.ts'

export interface ChartTheme {
  /** Any colour token as a colour that a canvas takes. */
  readonly color: (token: ColorToken) => string
  readonly font: string
}

const series: readonly ColorToken[] = [
  'chart-1',
  'chart-2',
  'chart-3',
  'chart-4',
  'chart-5',
  'chart-6',
  'chart-7',
  'chart-8',
]

/** A method has the same colour wherever it is drawn. */
function methodColor(method: MethodName): ColorToken {
  const palette = factsOfMethod(method)?.palette
  return palette === undefined ? 'chart-8' : `chart-${palette}`
}

/** The colour of the n-th of several runs or groups. */
export function seriesColor(index: number): ColorToken {
  return series[index % series.length]!
}

/**
 * Colours for runs or groups side by side: each takes its method's while that is free, so that HiSo
 * stays HiSo's colour, and the next free one otherwise.
 */
export function distinctColors(methods: readonly (MethodName | undefined)[]): ColorToken[] {
  const taken = new Set<ColorToken>()
  const own = methods.map((method) => {
    const color = method && methodColor(method)
    if (color === undefined || taken.has(color)) return undefined
    taken.add(color)
    return color
  })
  const free = series.filter((color) => !taken.has(color))
  let next = 0
  return own.map((color) => color ?? free[next++] ?? seriesColor(next++))
}

/** The theme as the page shows it now. */
export function readTheme(element: Element = document.documentElement): ChartTheme {
  const style = getComputedStyle(element)
  const known = new Map<ColorToken, string>()
  return {
    color(token) {
      let color = known.get(token)
      if (color === undefined) {
        color = style.getPropertyValue(`--${token}`).trim() || '#888'
        known.set(token, color)
      }
      return color
    },
    font: getComputedStyle(document.body).fontFamily,
  }
}

/** Mixes two #rrggbb colours; share 0 gives the first. @returns red, green, blue */
export function mix(from: string, to: string, share: number): [number, number, number] {
  const [a, b] = [parse(from), parse(to)]
  return [0, 1, 2].map((at) => Math.round(a[at]! + (b[at]! - a[at]!) * share)) as [
    number,
    number,
    number,
  ]
}

function parse(color: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})/i.exec(color)?.[1]
  if (hex === undefined) return [136, 136, 136]
  const value = Number.parseInt(hex, 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
