/** A drawing as SVG: well-formed XML, with lengths in millimetres and texts as text. */
import { fontFamily } from '../font/fonts.ts'
import {
  length,
  millimetre,
  type Drawing,
  type ImageMark,
  type Mark,
  type TextMark,
} from '../drawing/drawing.ts'
import { scriptShift, spanSize } from '../drawing/richText.ts'
import { pngBytes } from './png.ts'

export function svgOf({ width, height, background, plot, marks, description }: Drawing): string {
  const page = [length(width), length(height)]
  const [left, top, right, floor] = [
    plot.left,
    plot.top,
    plot.left + plot.width,
    plot.top + plot.height,
  ].map(length)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${length(width / millimetre)}mm" height="${length(height / millimetre)}mm" viewBox="0 0 ${page.join(' ')}" font-family="${xml(fontFamily)}" role="img">`,
    `<title>${xml(description)}</title>`,
    `<clipPath id="plot"><path d="M${left} ${top}H${right}V${floor}H${left}Z"/></clipPath>`,
    ...(background === undefined
      ? []
      : [`<path d="M0 0H${page[0]}V${page[1]}H0Z" fill="${background}"/>`]),
    ...marks.map(element),
    '</svg>',
    '',
  ].join('\n')
}

function element(mark: Mark): string {
  const common = `${mark.isClipped === true ? ' clip-path="url(#plot)"' : ''}${
    mark.opacity === undefined ? '' : ` opacity="${length(mark.opacity)}"`
  }`
  switch (mark.kind) {
    case 'line':
      return `<path d="${path(mark.points)}" fill="none" stroke="${mark.stroke}" stroke-width="${length(mark.width)}" stroke-linejoin="round"${
        mark.dash === undefined ? '' : ` stroke-dasharray="${mark.dash.map(length).join(' ')}"`
      }${common}/>`
    case 'area':
      return `<path d="${path(mark.points)}Z" fill="${mark.fill}"${
        mark.stroke === undefined
          ? ''
          : ` stroke="${mark.stroke}" stroke-width="${length(mark.width ?? 1)}"`
      }${common}/>`
    case 'text':
      return text(mark)
    case 'image':
      return image(mark)
  }
}

function path(points: ArrayLike<number>): string {
  let text = ''
  for (let at = 0; at < points.length; at += 2)
    text += `${at === 0 ? 'M' : 'L'}${length(points[at]!)} ${length(points[at + 1]!)}`
  return text
}

/** One span is anchored by the viewer, so that another font does no harm; several are placed. */
function text({ spans, x, y, size, fill, anchor, isTurned }: TextMark): string {
  const place = isTurned
    ? `transform="translate(${length(x)} ${length(y)}) rotate(-90)"`
    : `x="${length(x)}" y="${length(y)}"`
  const look = `font-size="${length(size)}" fill="${fill}" text-anchor="${anchor}" xml:space="preserve"`
  const inner = spans.map((span, at) => {
    const lift = scriptShift[span.place] - scriptShift[spans[at - 1]?.place ?? 'line']
    const attributes = [
      ...(span.font === 'italic' ? ['font-style="italic"'] : []),
      ...(span.place === 'line' ? [] : [`font-size="${length(spanSize(span, size))}"`]),
      ...(lift === 0 ? [] : [`dy="${length(-lift * size)}"`]),
    ]
    return attributes.length === 0
      ? xml(span.text)
      : `<tspan ${attributes.join(' ')}>${xml(span.text)}</tspan>`
  })
  return `<text ${place} ${look}>${inner.join('')}</text>`
}

function image({ box, columns, rows, pixels }: ImageMark): string {
  const url = `data:image/png;base64,${base64(pngBytes({ columns, rows, pixels }))}`
  return `<image x="${length(box.left)}" y="${length(box.top)}" width="${length(box.width)}" height="${length(box.height)}" preserveAspectRatio="none" image-rendering="optimizeSpeed" xlink:href="${url}"/>`
}

function base64(bytes: Uint8Array): string {
  let letters = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    letters += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(letters)
}

/** Text for XML: its five special characters, and nothing that XML 1.0 has no place for. */
export function xml(text: string): string {
  return [...text]
    .filter((letter) => isXml(letter.codePointAt(0)!))
    .join('')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;')
}

/** The characters that XML 1.0 allows; halves of surrogate pairs are none. */
function isXml(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  )
}
