/** Pixels as a PNG file; the same bytes everywhere, since fflate packs them. */
import { zlibSync } from 'fflate'
import { crc32, joinBytes } from '../../core/base/index.ts'

export interface Pixels {
  readonly columns: number
  readonly rows: number
  /** Red, green, blue, alpha, row by row. */
  readonly pixels: Uint8ClampedArray
}

/** @param dpi pixels per inch, which tells programs how large the picture is */
export function pngBytes({ columns, rows, pixels }: Pixels, dpi?: number): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, columns)
  header.setUint32(4, rows)
  // Eight bits each of red, green, blue and alpha.
  header.setUint8(8, 8)
  header.setUint8(9, 6)
  const line = columns * 4
  const filtered = new Uint8Array(rows * (line + 1))
  for (let row = 0; row < rows; row++) {
    // Each row as its difference from the one above: rows of figures are mostly alike.
    const to = row * (line + 1)
    filtered[to] = 2
    for (let at = 0; at < line; at++) {
      const above = row === 0 ? 0 : pixels[(row - 1) * line + at]!
      filtered[to + 1 + at] = pixels[row * line + at]! - above
    }
  }
  const chunks = [
    chunk('IHDR', new Uint8Array(header.buffer)),
    ...(dpi === undefined ? [] : [chunk('pHYs', resolution(dpi))]),
    chunk('IDAT', zlibSync(filtered, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]
  return joinBytes([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), ...chunks])
}

/** Pixels per metre, both ways. */
function resolution(dpi: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(9))
  const perMetre = Math.round(dpi / 0.0254)
  view.setUint32(0, perMetre)
  view.setUint32(4, perMetre)
  view.setUint8(8, 1)
  return new Uint8Array(view.buffer)
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}
