/**
 * A TrueType font as figures need it: which glyph a letter has, how wide it is, and its outline.
 * Reads the small fonts of this folder only, which have no composite hinting, kerning or ligatures.
 */

/** A closed outline: x, y, whether the point lies on the curve; in font units, y upwards. */
export type Contour = readonly (readonly [x: number, y: number, isOnCurve: boolean])[]

export class TrueType {
  readonly bytes: Uint8Array
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly #view: DataView
  readonly #tables = new Map<string, number>()
  readonly #glyphs = new Map<number, number>()
  readonly #longHorizontals: number
  readonly #hasLongOffsets: boolean

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < this.#view.getUint16(4); at++) {
      const entry = 12 + 16 * at
      const tag = String.fromCharCode(...bytes.subarray(entry, entry + 4))
      this.#tables.set(tag, this.#view.getUint32(entry + 8))
    }
    const head = this.#table('head')
    this.unitsPerEm = this.#view.getUint16(head + 18)
    this.#hasLongOffsets = this.#view.getInt16(head + 50) === 1
    const hhea = this.#table('hhea')
    this.ascent = this.#view.getInt16(hhea + 4)
    this.descent = this.#view.getInt16(hhea + 6)
    this.#longHorizontals = this.#view.getUint16(hhea + 34)
    this.#readLetters()
  }

  /** 0, an empty box, for letters that the font lacks. */
  glyphOf(codePoint: number): number {
    return this.#glyphs.get(codePoint) ?? 0
  }

  /** In font units. */
  advanceOf(glyph: number): number {
    const at = Math.min(glyph, this.#longHorizontals - 1)
    return this.#view.getUint16(this.#table('hmtx') + 4 * at)
  }

  /** xMin, yMin, xMax, yMax of all glyphs, in font units. */
  get box(): readonly [number, number, number, number] {
    const at = this.#table('head') + 36
    const read = (offset: number) => this.#view.getInt16(at + offset)
    return [read(0), read(2), read(4), read(6)]
  }

  outlineOf(glyph: number): Contour[] {
    const [start, end] = this.#placeOf(glyph)
    if (start === end) return []
    const contours = this.#view.getInt16(start)
    return contours < 0 ? this.#composite(start + 10) : this.#simple(start, contours)
  }

  #table(tag: string): number {
    return this.#tables.get(tag)!
  }

  /** Format 4 of the character map. */
  #readLetters(): void {
    const cmap = this.#table('cmap')
    for (let at = 0; at < this.#view.getUint16(cmap + 2); at++) {
      const start = cmap + this.#view.getUint32(cmap + 4 + 8 * at + 4)
      if (this.#view.getUint16(start) === 4) this.#readSegments(start)
    }
  }

  #readSegments(start: number): void {
    const view = this.#view
    const size = view.getUint16(start + 6)
    for (let segment = 0; segment < size; segment += 2) {
      const ends = start + 14 + segment
      const last = view.getUint16(ends)
      const first = view.getUint16(ends + size + 2)
      const delta = view.getInt16(ends + 2 * size + 2)
      const offsetAt = ends + 3 * size + 2
      const offset = view.getUint16(offsetAt)
      for (let code = first; code <= last && code !== 0xffff; code++) {
        const glyph = offset === 0 ? code : view.getUint16(offsetAt + offset + 2 * (code - first))
        if (glyph !== 0) this.#glyphs.set(code, (glyph + delta) & 0xffff)
      }
    }
  }

  #placeOf(glyph: number): readonly [start: number, end: number] {
    const loca = this.#table('loca')
    const glyf = this.#table('glyf')
    const offset = (at: number) =>
      this.#hasLongOffsets
        ? this.#view.getUint32(loca + 4 * at)
        : 2 * this.#view.getUint16(loca + 2 * at)
    return [glyf + offset(glyph), glyf + offset(glyph + 1)]
  }

  #simple(start: number, contours: number): Contour[] {
    const view = this.#view
    const ends = Array.from({ length: contours }, (_, at) => view.getUint16(start + 10 + 2 * at))
    let at = start + 10 + 2 * contours
    at += 2 + view.getUint16(at)
    const count = (ends.at(-1) ?? -1) + 1
    const flags: number[] = []
    while (flags.length < count) {
      const flag = view.getUint8(at++)
      flags.push(flag)
      if ((flag & 8) !== 0) for (let more = view.getUint8(at++); more > 0; more--) flags.push(flag)
    }
    const coordinates = (short: number, same: number): number[] => {
      let value = 0
      return flags.map((flag) => {
        if ((flag & short) !== 0) value += view.getUint8(at++) * ((flag & same) !== 0 ? 1 : -1)
        else if ((flag & same) === 0) {
          value += view.getInt16(at)
          at += 2
        }
        return value
      })
    }
    const xs = coordinates(2, 16)
    const ys = coordinates(4, 32)
    return ends.map((end, index) => {
      const first = index === 0 ? 0 : ends[index - 1]! + 1
      return Array.from({ length: end - first + 1 }, (_, offset) => {
        const point = first + offset
        return [xs[point]!, ys[point]!, (flags[point]! & 1) !== 0] as const
      })
    })
  }

  /** Letters with accents: other glyphs, moved. */
  #composite(start: number): Contour[] {
    const view = this.#view
    const contours: Contour[] = []
    let at = start
    for (;;) {
      const flags = view.getUint16(at)
      const glyph = view.getUint16(at + 2)
      const areWords = (flags & 1) !== 0
      const [dx, dy] = areWords
        ? [view.getInt16(at + 4), view.getInt16(at + 6)]
        : [view.getInt8(at + 4), view.getInt8(at + 5)]
      at += areWords ? 8 : 6
      const scale = this.#scaleAt(at, flags)
      at += (flags & 8) !== 0 ? 2 : (flags & 0x40) !== 0 ? 4 : (flags & 0x80) !== 0 ? 8 : 0
      for (const contour of this.outlineOf(glyph))
        contours.push(
          contour.map(([x, y, isOn]) => [
            x * scale[0] + y * scale[2] + dx,
            x * scale[1] + y * scale[3] + dy,
            isOn,
          ]),
        )
      if ((flags & 0x20) === 0) return contours
    }
  }

  #scaleAt(at: number, flags: number): readonly [number, number, number, number] {
    const read = (offset: number) => this.#view.getInt16(at + offset) / 16384
    if ((flags & 8) !== 0) return [read(0), 0, 0, read(0)]
    if ((flags & 0x40) !== 0) return [read(0), 0, 0, read(2)]
    if ((flags & 0x80) !== 0) return [read(0), read(2), read(4), read(6)]
    return [1, 0, 0, 1]
  }
}
