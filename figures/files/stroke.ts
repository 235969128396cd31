/** A line with a width as outlines to fill: a rectangle per piece, a disc per bend. */
import type { Outline } from './raster.ts'

/** All go round in one sense, so that filling them together covers each place once. */
export function strokeOutlines(
  points: ArrayLike<number>,
  width: number,
  dash?: readonly number[],
): Outline[] {
  return (dash === undefined ? [points] : dashed(points, dash)).flatMap((line) =>
    wholeOutlines(line, width / 2),
  )
}

export function circle(x: number, y: number, radius: number): number[] {
  const count = radius > 4 ? 24 : 12
  return Array.from({ length: count }, (_, at) => {
    const angle = (2 * Math.PI * at) / count
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  }).flat()
}

function wholeOutlines(points: ArrayLike<number>, half: number): Outline[] {
  const outlines: Outline[] = []
  for (let at = 0; at + 3 < points.length; at += 2) {
    const [x0, y0, x1, y1] = [points[at]!, points[at + 1]!, points[at + 2]!, points[at + 3]!]
    const length = Math.hypot(x1 - x0, y1 - y0)
    if (length === 0) continue
    const [dx, dy] = [(-(y1 - y0) / length) * half, ((x1 - x0) / length) * half]
    outlines.push([x0 - dx, y0 - dy, x1 - dx, y1 - dy, x1 + dx, y1 + dy, x0 + dx, y0 + dy])
    if (at > 0 && half > 0.4) outlines.push(circle(x0, y0, half))
  }
  return outlines
}

function dashed(points: ArrayLike<number>, pattern: readonly number[]): number[][] {
  const lines: number[][] = []
  let part = 0
  let left = pattern[0]!
  let line: number[] = points.length >= 2 ? [points[0]!, points[1]!] : []
  for (let at = 0; at + 3 < points.length; at += 2) {
    let [x, y] = [points[at]!, points[at + 1]!]
    const [endX, endY] = [points[at + 2]!, points[at + 3]!]
    for (let rest = Math.hypot(endX - x, endY - y); rest > 0;) {
      const step = Math.min(rest, left)
      x += ((endX - x) * step) / rest
      y += ((endY - y) * step) / rest
      rest -= step
      left -= step
      if (part % 2 === 0) line.push(x, y)
      if (left > 1e-9) continue
      if (part % 2 === 0) lines.push(line)
      part = (part + 1) % pattern.length
      left = pattern[part]!
      line = [x, y]
    }
  }
  if (part % 2 === 0 && line.length > 2) lines.push(line)
  return lines
}
