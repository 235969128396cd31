/** A drawing as pixels: the same shapes and letters as in the PDF, at a chosen density. */
import type {
  AreaMark,
  Box,
  Drawing,
  ImageMark,
  LineMark,
  Mark,
  TextMark,
} from '../drawing/drawing.ts'
import { scriptShift, spanSize, spanWidth, textWidth } from '../drawing/richText.ts'
import { fontOf } from '../font/fonts.ts'
import type { Contour } from '../font/trueType.ts'
import { Surface, type Outline } from './raster.ts'
import { circle, strokeOutlines } from './stroke.ts'

export function pixelsOf(drawing: Drawing, dpi: number): Surface {
  const scale = dpi / 72
  const surface = new Surface(
    Math.max(1, Math.round(drawing.width * scale)),
    Math.max(1, Math.round(drawing.height * scale)),
  )
  if (drawing.background !== undefined) surface.pixels.fill(255)
  const clip = scaledBox(drawing.plot, scale)
  for (const mark of drawing.marks) paint(surface, mark, scale, clip)
  return surface
}

function paint(surface: Surface, mark: Mark, scale: number, plot: Box): void {
  const clip = mark.isClipped === true ? plot : undefined
  const opacity = mark.opacity ?? 1
  switch (mark.kind) {
    case 'line':
      return surface.fill(lineOutlines(mark, scale), { color: mark.stroke, opacity, clip })
    case 'area':
      return paintArea(surface, mark, scale, clip)
    case 'text':
      return surface.fill(letterOutlines(mark, scale), { color: mark.fill, opacity, clip })
    case 'image':
      return paintImage(surface, mark, scale)
  }
}

function lineOutlines({ points, width, dash }: LineMark, scale: number): Outline[] {
  return strokeOutlines(
    scaled(points, scale),
    width * scale,
    dash?.map((part) => part * scale),
  )
}

function paintArea(surface: Surface, mark: AreaMark, scale: number, clip: Box | undefined): void {
  const points = scaled(mark.points, scale)
  const opacity = mark.opacity ?? 1
  surface.fill([points], { color: mark.fill, opacity, clip })
  if (mark.stroke === undefined) return
  const outline = [...points, points[0]!, points[1]!]
  const edges = strokeOutlines(outline, (mark.width ?? 1) * scale)
  surface.fill([...edges, circle(points[0]!, points[1]!, ((mark.width ?? 1) * scale) / 2)], {
    color: mark.stroke,
    opacity,
    clip,
  })
}

function paintImage(surface: Surface, { box, columns, rows, pixels }: ImageMark, scale: number) {
  const { left, top, width, height } = scaledBox(box, scale)
  for (let row = Math.round(top); row < Math.round(top + height); row++)
    for (let column = Math.round(left); column < Math.round(left + width); column++) {
      const x = Math.min(
        columns - 1,
        Math.max(0, Math.floor(((column + 0.5 - left) / width) * columns)),
      )
      const y = Math.min(rows - 1, Math.max(0, Math.floor(((row + 0.5 - top) / height) * rows)))
      const at = (y * columns + x) * 4
      const share = pixels[at + 3]! / 255
      if (share > 0 && row >= 0 && row < surface.rows && column >= 0 && column < surface.columns)
        surface.blend(column, row, pixels.subarray(at, at + 3) as unknown as number[], share)
    }
}

function letterOutlines(mark: TextMark, scale: number): Outline[] {
  const { spans, x, y, size, anchor, isTurned = false } = mark
  const width = textWidth(spans, size)
  let along = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
  const outlines: Outline[] = []
  for (const span of spans) {
    const font = fontOf(span.font)
    const unit = spanSize(span, size) / font.unitsPerEm
    const lift = scriptShift[span.place] * size
    let pen = along
    for (const letter of span.text) {
      const glyph = font.glyphOf(letter.codePointAt(0)!)
      const place = (right: number, up: number): readonly [number, number] => {
        const [across, above] = [pen + right * unit, lift + up * unit]
        return isTurned
          ? [(x - above) * scale, (y - across) * scale]
          : [(x + across) * scale, (y - above) * scale]
      }
      for (const contour of font.outlineOf(glyph)) outlines.push(flattened(contour, place))
      pen += font.advanceOf(glyph) * unit
    }
    along += spanWidth(span, size)
  }
  return outlines
}

/** Straight pieces per curve of a letter. */
const pieces = 5

/** Points between two off the curve are halfway, as TrueType leaves them out. */
function flattened(
  contour: Contour,
  place: (x: number, y: number) => readonly [number, number],
): number[] {
  const whole = contour.flatMap((point, at) => {
    const next = contour[(at + 1) % contour.length]!
    return point[2] || next[2]
      ? [point]
      : [point, [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2, true] as const]
  })
  const first = Math.max(
    0,
    whole.findIndex(([, , isOn]) => isOn),
  )
  const turned = [...whole.slice(first), ...whole.slice(0, first + 1)]
  const outline: number[] = []
  for (let at = 0; at < turned.length - 1; at++) {
    const [x, y, isOn] = turned[at]!
    if (isOn) outline.push(...place(x, y))
    else {
      const [startX, startY] = turned[at - 1]!
      const [endX, endY] = turned[at + 1]!
      for (let piece = 1; piece < pieces; piece++) {
        const t = piece / pieces
        const mixOf = (a: number, b: number, c: number) =>
          (1 - t) * (1 - t) * a + 2 * t * (1 - t) * b + t * t * c
        outline.push(...place(mixOf(startX, x, endX), mixOf(startY, y, endY)))
      }
    }
  }
  return outline
}

function scaled(points: ArrayLike<number>, scale: number): number[] {
  return Array.from(points, (value) => value * scale)
}

function scaledBox({ left, top, width, height }: Box, scale: number): Box {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale }
}
