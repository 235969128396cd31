/**
 * Colours for charts, read from the CSS tokens, so that charts and the rest of the app change theme
 * together.
 */
import type { ColorToken } from '../../figures/index.ts'

export interface ChartTheme {
  /** Any colour token as a colour that a canvas takes. */
  readonly color: (token: ColorToken) => string
  readonly font: string
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
