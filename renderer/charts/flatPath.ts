/**
 * Paths from flat arrays of pixel coordinates: lines, closed outlines, dots. What draws them is
 * given.
 */

export interface PathPen {
  moveTo(x: number, y: number): unknown
  lineTo(x: number, y: number): unknown
  closePath(): unknown
  arc(x: number, y: number, r: number, from: number, to: number): unknown
}

/**
 * `double` is a line twice, a pixel apart: two hairlines are drawn many times faster than one line
 * of two pixels.
 */
export type Outline = 'line' | 'double' | 'area' | 'dots'

export interface FlatPathData {
  readonly points: Float32Array
  readonly outline: Outline
}

/**
 * ECharts copies the arrays of a shape on every drawing, but not what lies in an object with this
 * mark.
 */
export function flatPath(points: Float32Array, outline: Outline) {
  const path: FlatPathData = { points, outline }
  return { path: Object.assign(path, { __ec_primitive__: true }) }
}

const dotRadius = 2.5

/** @param points x, y, x, y... */
export function tracePath(pen: PathPen, points: Float32Array, outline: Outline): void {
  for (let at = 0; at + 1 < points.length; at += 2) {
    const x = points[at]!
    const y = points[at + 1]!
    if (outline === 'dots') {
      pen.moveTo(x + dotRadius, y)
      pen.arc(x, y, dotRadius, 0, Math.PI * 2)
    } else if (at === 0) pen.moveTo(x, y)
    else pen.lineTo(x, y)
  }
  if (outline === 'area' && points.length > 2) pen.closePath()
  if (outline !== 'double') return
  for (let at = 0; at + 1 < points.length; at += 2)
    if (at === 0) pen.moveTo(points[0]!, points[1]! + 1)
    else pen.lineTo(points[at]!, points[at + 1]! + 1)
}
