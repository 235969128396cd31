/**
 * A drawing as PDF 1.4: vectors, texts in embedded fonts that can be searched and copied, and
 * nothing that differs from one making to the next.
 */
import {
  length,
  type Drawing,
  type ImageMark,
  type Mark,
  type TextMark,
} from '../drawing/drawing.ts'
import { channels } from '../drawing/heat.ts'
import { scriptShift, spanSize, spanWidth, textWidth, type Span } from '../drawing/richText.ts'
import { fontOf, type FontName } from '../font/fonts.ts'
import { fontObjects } from './pdfFont.ts'
import { PdfObjects } from './pdfObjects.ts'

const encoder = new TextEncoder()

export function pdfOf(drawing: Drawing): Uint8Array<ArrayBuffer> {
  const objects = new PdfObjects()
  const page = new Page(drawing)
  const content = page.content()
  const fonts = [...page.letters].map(
    ([name, letters]) => `/${name} ${fontObjects(objects, name, letters)} 0 R`,
  )
  const states = page.opacities.map((value, at) => {
    const share = length(value)
    return `/G${at} ${objects.add(`<< /ca ${share} /CA ${share} >>`)} 0 R`
  })
  const images = page.images.map((image, at) => `/I${at} ${imageObject(objects, image)} 0 R`)
  const stream = objects.addStream('', encoder.encode(content))
  const group = (name: string, entries: readonly string[]) =>
    entries.length === 0 ? '' : ` /${name} << ${entries.join(' ')} >>`
  const resources = `<<${group('Font', fonts)}${group('ExtGState', states)}${group('XObject', images)} >>`
  // A page names the tree that it belongs to, which comes right behind it.
  const tree = objects.size + 2
  const pageNumber = objects.add(
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${length(drawing.width)} ${length(drawing.height)}] /Resources ${resources} /Contents ${stream} 0 R >>`,
  )
  objects.add(`<< /Type /Pages /Kids [${pageNumber} 0 R] /Count 1 >>`)
  const catalog = objects.add(`<< /Type /Catalog /Pages ${tree} 0 R >>`)
  const info = objects.add(`<< /Title ${utf16(drawing.description)} /Producer (HiSo Studio) >>`)
  return objects.bytes(catalog, info)
}

function utf16(text: string): string {
  let digits = 'feff'
  for (let at = 0; at < text.length; at++)
    digits += text.charCodeAt(at).toString(16).padStart(4, '0')
  return `<${digits}>`
}

function imageObject(objects: PdfObjects, { columns, rows, pixels }: ImageMark): number {
  const colors = new Uint8Array(columns * rows * 3)
  const alpha = new Uint8Array(columns * rows)
  for (let at = 0; at < alpha.length; at++) {
    colors.set(pixels.subarray(at * 4, at * 4 + 3), at * 3)
    alpha[at] = pixels[at * 4 + 3]!
  }
  const common = `/Type /XObject /Subtype /Image /Width ${columns} /Height ${rows} /BitsPerComponent 8`
  const mask = objects.addStream(`${common} /ColorSpace /DeviceGray`, alpha)
  return objects.addStream(`${common} /ColorSpace /DeviceRGB /SMask ${mask} 0 R`, colors)
}

/** The drawing's marks as operators of a content stream, and what they refer to. */
class Page {
  readonly letters = new Map<FontName, Set<number>>()
  readonly opacities: number[] = []
  readonly images: ImageMark[] = []
  readonly #drawing: Drawing

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  content(): string {
    const { width, height, background, marks } = this.#drawing
    const page =
      background === undefined
        ? []
        : [`${color(background)} rg 0 0 ${length(width)} ${length(height)} re f`]
    return [...page, ...marks.map((mark) => this.#mark(mark))].join('\n')
  }

  #mark(mark: Mark): string {
    const isPlain = mark.isClipped !== true && mark.opacity === undefined
    const inner = this.#shape(mark)
    if (isPlain) return inner
    const state = mark.opacity === undefined ? '' : `/G${this.#opacity(mark.opacity)} gs `
    return `q ${state}${mark.isClipped === true ? this.#clip() : ''}${inner} Q`
  }

  #opacity(value: number): number {
    const at = this.opacities.indexOf(value)
    return at >= 0 ? at : this.opacities.push(value) - 1
  }

  #clip(): string {
    const { left, top, width, height } = this.#drawing.plot
    return `${length(left)} ${this.#y(top + height)} ${length(width)} ${length(height)} re W n `
  }

  #shape(mark: Mark): string {
    switch (mark.kind) {
      case 'line':
        return `${color(mark.stroke)} RG ${length(mark.width)} w 1 j [${(mark.dash ?? []).map(length).join(' ')}] 0 d ${this.#path(mark.points)} S`
      case 'area': {
        const fill = `${color(mark.fill)} rg`
        if (mark.stroke === undefined) return `${fill} ${this.#path(mark.points)} h f`
        return `${fill} ${color(mark.stroke)} RG ${length(mark.width ?? 1)} w [] 0 d ${this.#path(mark.points)} h B`
      }
      case 'text':
        return this.#text(mark)
      case 'image': {
        const { left, top, width, height } = mark.box
        const name = this.images.push(mark) - 1
        return `q ${length(width)} 0 0 ${length(height)} ${length(left)} ${this.#y(top + height)} cm /I${name} Do Q`
      }
    }
  }

  #path(points: ArrayLike<number>): string {
    let text = ''
    for (let at = 0; at < points.length; at += 2)
      text += `${length(points[at]!)} ${this.#y(points[at + 1]!)} ${at === 0 ? 'm' : 'l'} `
    return text.trimEnd()
  }

  /** Each span at its own place: the widths are those of the embedded fonts. */
  #text({ spans, x, y, size, fill, anchor, isTurned }: TextMark): string {
    const width = textWidth(spans, size)
    let along = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
    const pieces = spans.map((span) => {
      const lift = scriptShift[span.place] * size
      const place = isTurned
        ? `0 1 -1 0 ${length(x - lift)} ${this.#y(y - along)} Tm`
        : `1 0 0 1 ${length(x + along)} ${this.#y(y - lift)} Tm`
      along += spanWidth(span, size)
      return `/${span.font} ${length(spanSize(span, size))} Tf ${place} <${this.#glyphs(span)}> Tj`
    })
    return `BT ${color(fill)} rg ${pieces.join(' ')} ET`
  }

  #glyphs({ text, font }: Span): string {
    const letters = this.letters.get(font) ?? new Set()
    this.letters.set(font, letters)
    let digits = ''
    for (const letter of text) {
      const code = letter.codePointAt(0)!
      letters.add(code)
      digits += fontOf(font).glyphOf(code).toString(16).padStart(4, '0')
    }
    return digits
  }

  /** PDF's y goes upwards. */
  #y(value: number): string {
    return length(this.#drawing.height - value)
  }
}

function color(hex: string): string {
  return channels(hex)
    .map((value) => String(Math.round((value / 255) * 1000) / 1000))
    .join(' ')
}
