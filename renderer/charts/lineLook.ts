/** How a line is stroked, and whether its points are marked: what its density leaves room for. */
import type { LineLayer, Plot } from '../../figures/index.ts'
import type { Outline } from './flatPath.ts'
import type { ChartTheme } from './theme.ts'

/** A stroke or a fill in the words of a canvas. */
interface Style {
  readonly fill: string
  readonly stroke: string
  readonly lineWidth: number
  readonly opacity: number
  readonly lineJoin?: CanvasLineJoin
  readonly lineDash?: readonly number[]
}

export interface Look {
  readonly outline: Outline
  readonly style: Style
  /** What is higher is drawn later. */
  readonly z: number
}

/** Points per pixel of width from which a line is drawn as hairlines. */
const denseShare = 0.4

/** @param points of the line that are to be drawn */
export function lineLook(
  { color: token, width = 1.5, opacity = 1, dash, hasPoints = false }: LineLayer,
  points: number,
  plot: Plot,
  theme: ChartTheme,
  isMoving = false,
): { readonly line: Look; readonly dots: Look | undefined } {
  const color = theme.color(token)
  // Software rendering draws hairlines directly and fills everything wider as an outline: for
  // noise, seven times slower.
  const isDense = points > plot.width * denseShare
  const line: Look = {
    outline: isDense && width >= 1.75 && !isMoving ? 'double' : 'line',
    style: {
      fill: 'none',
      stroke: color,
      lineWidth: isDense ? 1 : width,
      opacity,
      lineJoin: isDense ? 'bevel' : 'round',
      ...(dash && { lineDash: dash === 'dashed' ? [6, 4] : [2, 3] }),
    },
    z: opacity < 0.6 ? 2 : 3,
  }
  const isSparse = points === 1 || (hasPoints && points < plot.width / 16)
  const dots: Look = {
    outline: 'dots',
    style: { fill: color, stroke: theme.color('surface'), lineWidth: 1, opacity },
    z: 4,
  }
  return { line, dots: isSparse ? dots : undefined }
}
