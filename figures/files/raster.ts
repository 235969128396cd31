/**
 * A surface of pixels that outlines are filled on, smooth at their edges: each pixel takes as much
 * of the colour as the outline covers of it.
 */
import type { Box } from '../drawing/drawing.ts'
import { channels } from '../drawing/heat.ts'

/** Corners of a closed outline in pixels: x, y, x, y... */
export type Outline = ArrayLike<number>

export interface Fill {
  readonly color: string
  readonly opacity: number
  /** In pixels. */
  readonly clip: Box | undefined
}

export class Surface {
  readonly columns: number
  readonly rows: number
  /** Red, green, blue, alpha, row by row. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.pixels = new Uint8ClampedArray(columns * rows * 4)
  }

  /** Fills what any of the outlines covers, which all go round in one sense. */
  fill(outlines: readonly Outline[], { color, opacity, clip }: Fill): void {
    const area = boundsOf(outlines, this.#within(clip))
    if (area === undefined) return
    const coverage = coverageOf(outlines, area)
    const rgb = channels(color)
    for (let row = 0; row < area.rows; row++) {
      let covered = 0
      for (let column = 0; column < area.columns; column++) {
        covered += coverage[row * (area.columns + 2) + column]!
        const share = Math.min(1, Math.abs(covered)) * opacity
        if (share > 0.002) this.blend(area.left + column, area.top + row, rgb, share)
      }
    }
  }

  /** Lays a colour over a pixel. */
  blend(column: number, row: number, rgb: readonly number[], share: number): void {
    const at = (row * this.columns + column) * 4
    const before = this.pixels[at + 3]! / 255
    const after = share + before * (1 - share)
    for (let channel = 0; channel < 3; channel++) {
      const under = this.pixels[at + channel]!
      this.pixels[at + channel] = (rgb[channel]! * share + under * before * (1 - share)) / after
    }
    this.pixels[at + 3] = after * 255
  }

  #within(clip: Box | undefined): Area {
    if (clip === undefined) return { left: 0, top: 0, columns: this.columns, rows: this.rows }
    const left = Math.max(0, Math.round(clip.left))
    const top = Math.max(0, Math.round(clip.top))
    return {
      left,
      top,
      columns: Math.min(this.columns, Math.round(clip.left + clip.width)) - left,
      rows: Math.min(this.rows, Math.round(clip.top + clip.height)) - top,
    }
  }
}

interface Area {
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
}

/** The pixels that outlines can touch, within others. */
function boundsOf(outlines: readonly Outline[], within: Area): Area | undefined {
  let [left, top, right, floor] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const outline of outlines)
    for (let at = 0; at < outline.length; at += 2) {
      left = Math.min(left, outline[at]!)
      right = Math.max(right, outline[at]!)
      top = Math.min(top, outline[at + 1]!)
      floor = Math.max(floor, outline[at + 1]!)
    }
  left = Math.max(within.left, Math.floor(left))
  top = Math.max(within.top, Math.floor(top))
  right = Math.min(within.left + within.columns, Math.ceil(right))
  floor = Math.min(within.top + within.rows, Math.ceil(floor))
  return right > left && floor > top
    ? { left, top, columns: right - left, rows: floor - top }
    : undefined
}

/**
 * By how much coverage changes from pixel to pixel, row by row: its running sum is the share of a
 * pixel that lies within. Two columns more than the area take what leaves it.
 */
function coverageOf(outlines: readonly Outline[], area: Area): Float32Array {
  const changes = new Float32Array((area.columns + 2) * area.rows)
  for (const outline of outlines)
    for (let at = 0; at < outline.length; at += 2) {
      const next = at + 2 < outline.length ? at + 2 : 0
      addEdge(
        changes,
        area,
        outline[at]! - area.left,
        outline[at + 1]! - area.top,
        outline[next]! - area.left,
        outline[next + 1]! - area.top,
      )
    }
  return changes
}

function addEdge(
  changes: Float32Array,
  { columns, rows }: Area,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  if (y0 === y1) return
  const sense = y0 < y1 ? 1 : -1
  const [top, bottom, start, end] = y0 < y1 ? [y0, y1, x0, x1] : [y1, y0, x1, x0]
  const slope = (end - start) / (bottom - top)
  const within = (x: number) => Math.min(columns, Math.max(0, x))
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(rows, Math.ceil(bottom)); row++) {
    const from = Math.max(row, top)
    const to = Math.min(row + 1, bottom)
    const a = within(start + slope * (from - top))
    const b = within(start + slope * (to - top))
    addStretch(changes, row * (columns + 2), (to - from) * sense, Math.min(a, b), Math.max(a, b))
  }
}

/** An edge within one row, from x = `left` to x = `right`, that covers `height` of it. */
function addStretch(
  changes: Float32Array,
  base: number,
  height: number,
  left: number,
  right: number,
): void {
  const first = Math.floor(left)
  const width = right - left
  if (right <= first + 1) {
    const beyond = (left + right) / 2 - first
    changes[base + first]! += height * (1 - beyond)
    changes[base + first + 1]! += height * beyond
    return
  }
  // What lies right of the edge, up to the end of a column, as the integral of the edge's share.
  let before = 0
  for (let column = first; column < right; column++) {
    const from = Math.max(left, column)
    const to = Math.min(right, column + 1)
    const share = (to - from) / width
    const rise = share * (column + 1 - (from + to) / 2)
    const passed = (from - left) / width
    const covered = passed + rise
    changes[base + column]! += height * (covered - before)
    before = covered
  }
  changes[base + Math.ceil(right)]! += height * (1 - before)
}
