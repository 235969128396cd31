/** Where settings changed: a dashed line each, with texts that keep out of each other's way. */
import type { ChartModel, Marker, Plot, Projection } from '../../figures/index.ts'
import type { ChartView } from './chartView.ts'
import { flatPath } from './flatPath.ts'

/** Pixels of a character of 11 px, on average and a little more. */
const characterWidth = 6
const rowHeight = 15
const gap = 4

export interface PlacedMarker extends Marker {
  readonly pixel: number
  /** undefined where there is no room: the line alone stands there. */
  readonly label:
    { readonly left: number; readonly right: number; readonly row: number } | undefined
}

/**
 * Each text stands right of its line, left of it where the plot ends, and a row lower where another
 * one stands.
 */
export function placeMarkers(
  markers: readonly Marker[],
  plot: Plot,
  pixelOf: (x: number) => number,
): PlacedMarker[] {
  const rows: { left: number; right: number }[][] = []
  const most = Math.max(1, Math.floor(plot.height / 2 / rowHeight))
  return markers.map((marker) => {
    const pixel = Math.round(pixelOf(marker.x)) + 0.5
    const width = marker.text.length * characterWidth + gap
    const isRight = pixel + gap + width > plot.left + plot.width
    const left = isRight ? pixel - gap - width : pixel + gap
    const right = left + width
    const isFree = (row: number) =>
      (rows[row] ?? []).every((other) => right <= other.left || left >= other.right)
    const row = Array.from({ length: most }, (_, at) => at).find(isFree)
    if (row === undefined) return { ...marker, pixel, label: undefined }
    ;(rows[row] ??= []).push({ left, right })
    return { ...marker, pixel, label: { left, right, row } }
  })
}

export function markerSeries(
  { markers = [] }: ChartModel,
  { theme, window }: Pick<ChartView, 'theme' | 'window'>,
  projection: Projection,
) {
  const { plot } = projection
  const seen = markers.filter(({ x }) => x >= window.from && x <= window.to)
  return placeMarkers(seen, plot, (x) => projection.x(x)).map(({ text, pixel, label }, at) => {
    const line = {
      type: 'flatPath',
      shape: flatPath(Float32Array.of(pixel, plot.top, pixel, plot.top + plot.height), 'line'),
      style: { fill: 'none', stroke: theme.color('muted'), lineWidth: 1, lineDash: [3, 3] },
    }
    const isRight = label !== undefined && label.right < pixel
    const caption = label && {
      type: 'text',
      // Over the lines of the others.
      z2: 1,
      x: isRight ? label.right : label.left,
      y: plot.top + 2 + label.row * rowHeight,
      style: {
        text,
        fill: theme.color('muted'),
        font: `${theme.fontPx}px ${theme.font}`,
        align: isRight ? 'right' : 'left',
        verticalAlign: 'top',
        backgroundColor: theme.color('surface'),
        padding: [1, 2],
      },
    }
    return {
      type: 'custom',
      id: `marker:${at}`,
      z: 5,
      silent: true,
      data: [0],
      renderItem: () => ({ type: 'group', children: caption ? [line, caption] : [line] }),
    }
  })
}
