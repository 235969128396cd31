/**
 * Colours for charts, read from the CSS tokens, so that charts and the rest of the app change theme
 * together.
 */
import type { ColorToken } from '../../figures/index.ts'

export interface ChartTheme {
  /** Any colour token as a colour that a canvas takes. */
  readonly color: (token: ColorToken) => string
  readonly font: string
  /** The size of the smallest texts, in pixels: larger where people sit far away. */
  readonly fontPx: number
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
    fontPx: Number.parseFloat(style.getPropertyValue('--chart-text')) || 11,
  }
}
