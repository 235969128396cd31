/**
 * Draws the app's mark into resources/icons and renderer/public: SVG, PNG, ICO and ICNS, from one
 * description and with nothing but Node. The mark: level sets of a loss that is steep one way and
 * flat the other, and the point they lead to. Run: node scripts/electron/icons.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** In units of the icon's width; y grows downwards. */
const mark = {
  corner: 0.23,
  top: [0x63, 0x70, 0xf0],
  bottom: [0x2e, 0x38, 0xa0],
  tiltDegrees: -32,
  /** Half axes, width of the line, opacity; the outermost first. */
  levels: [
    { a: 0.405, b: 0.219, width: 0.031, opacity: 0.42 },
    { a: 0.268, b: 0.145, width: 0.036, opacity: 0.74 },
  ],
  line: [0xff, 0xff, 0xff],
  point: { radius: 0.068, colour: [0xff, 0xc2, 0x4b] },
}

/** Thin lines vanish in a small icon: one level, and everything bolder. */
const smallMark = {
  ...mark,
  levels: [{ a: 0.36, b: 0.2, width: 0.075, opacity: 0.92 }],
  point: { ...mark.point, radius: 0.105 },
}

/** macOS draws icons smaller than their canvas. */
const margins = { plain: 0.03, mac: 0.098 }

function svg({ corner, top, bottom, tiltDegrees, levels, line, point }) {
  const size = 1024
  const px = (value) => Math.round(value * size * 100) / 100
  const colour = (rgb) => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  const ellipses = levels.map(
    ({ a, b, width, opacity }) =>
      `  <ellipse cx="512" cy="512" rx="${px(a)}" ry="${px(b)}" fill="none" stroke="${colour(line)}" stroke-opacity="${opacity}" stroke-width="${px(width)}" transform="rotate(${tiltDegrees} 512 512)"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">
  <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="${colour(top)}"/>
    <stop offset="1" stop-color="${colour(bottom)}"/>
  </linearGradient>
  <rect width="${size}" height="${size}" rx="${px(corner)}" fill="url(#ground)"/>
${ellipses.join('\n')}
  <circle cx="512" cy="512" r="${px(point.radius)}" fill="${colour(point.colour)}"/>
</svg>
`
}

/** RGBA, not premultiplied. */
function raster(size, margin) {
  const picture = size <= 32 ? smallMark : mark
  const tilt = (picture.tiltDegrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)]
  const scale = 1 / (1 - 2 * margin)
  const pixel = scale / size
  /** How much of a pixel lies inside a shape, from the distance to its edge. */
  const cover = (distance) => Math.min(1, Math.max(0, 0.5 - distance / pixel))
  const pixels = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const x = ((column + 0.5) / size - 0.5) * scale
      const y = ((row + 0.5) / size - 0.5) * scale
      const along = x * cos + y * sin
      const across = y * cos - x * sin
      const height = Math.min(1, Math.max(0, y + 0.5))
      let rgb = picture.top.map((part, channel) => part + (picture.bottom[channel] - part) * height)
      const paint = (colour, opacity) => {
        rgb = rgb.map((part, channel) => part + (colour[channel] - part) * opacity)
      }
      for (const { a, b, width, opacity } of picture.levels)
        paint(picture.line, opacity * cover(Math.abs(toEllipse(along, across, a, b)) - width / 2))
      paint(picture.point.colour, cover(Math.hypot(x, y) - picture.point.radius))
      const alpha = cover(toRoundedSquare(x, y, picture.corner))
      pixels.set([...rgb.map(Math.round), Math.round(alpha * 255)], (row * size + column) * 4)
    }
  return pixels
}

/**
 * Distance to an ellipse to first order: exact enough near its line, which is all that is drawn.
 */
function toEllipse(x, y, a, b) {
  const inside = Math.hypot(x / a, y / b)
  const gradient = Math.hypot(x / (a * a), y / (b * b))
  return gradient === 0 ? -b : (inside * (inside - 1)) / gradient
}

function toRoundedSquare(x, y, corner) {
  const dx = Math.abs(x) - 0.5 + corner
  const dy = Math.abs(y) - 0.5 + corner
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner
}

function png(size, margin) {
  const pixels = raster(size, margin)
  const lines = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row++) {
    const at = row * (size * 4 + 1)
    // "Sub" filter: the ground changes slowly from pixel to pixel.
    lines[at] = 1
    for (let byte = 0; byte < size * 4; byte++) {
      const here = pixels[row * size * 4 + byte]
      const left = byte < 4 ? 0 : pixels[row * size * 4 + byte - 4]
      lines[at + 1 + byte] = here - left
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(lines, { level: 9 })
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', '')])
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(content)])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(body.length - 4, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function ico(sizes) {
  const images = sizes.map((size) => png(size, 0))
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  images.forEach((image, index) => {
    const at = 6 + 16 * index
    head.writeUInt8(sizes[index] % 256, at)
    head.writeUInt8(sizes[index] % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(image.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += image.length
  })
  return Buffer.concat([head, ...images])
}

/** Types by size in pixels; the ones of two names are plain and for double density. */
const icnsTypes = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

function icns() {
  const parts = icnsTypes.map(([type, size]) => {
    const image = png(size, margins.mac)
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32BE(image.length + 8, 4)
    return Buffer.concat([head, image])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 0, 'latin1')
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  return Buffer.concat([head, ...parts])
}

const icons = join(root, 'resources', 'icons')
const shown = join(root, 'renderer', 'public')
mkdirSync(join(icons, 'png'), { recursive: true })
mkdirSync(shown, { recursive: true })
writeFileSync(join(icons, 'icon.svg'), svg(mark))
for (const size of [16, 24, 32, 48, 64, 128, 256, 512])
  writeFileSync(join(icons, 'png', `${size}x${size}.png`), png(size, margins.plain))
writeFileSync(join(icons, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]))
writeFileSync(join(icons, 'icon.icns'), icns())
writeFileSync(join(shown, 'icon.svg'), svg(mark))
writeFileSync(join(shown, 'icon.png'), png(256, margins.plain))
