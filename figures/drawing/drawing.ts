/**
 * A figure as marks on a page: what SVG, PDF and PNG are written from. Lengths are points (1/72
 * inch), y downwards; colours are #rrggbb.
 */
import type { RichText } from './richText.ts'

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

interface MarkBase {
  /** Whether it ends at the plot's edges. */
  readonly isClipped?: boolean
  readonly opacity?: number
}

export interface LineMark extends MarkBase {
  readonly kind: 'line'
  /** x, y, x, y... */
  readonly points: ArrayLike<number>
  readonly stroke: string
  readonly width: number
  /** Lengths of dash and gap, in points. */
  readonly dash?: readonly number[]
}

export interface AreaMark extends MarkBase {
  readonly kind: 'area'
  /** The outline, closed: x, y, x, y... */
  readonly points: ArrayLike<number>
  readonly fill: string
  readonly stroke?: string
  readonly width?: number
}

export interface TextMark extends MarkBase {
  readonly kind: 'text'
  readonly spans: RichText
  /** Of the base line, at the anchor. */
  readonly x: number
  readonly y: number
  readonly size: number
  readonly fill: string
  readonly anchor: 'start' | 'middle' | 'end'
  /** Whether it reads from below upwards. */
  readonly isTurned?: boolean
}

export interface ImageMark extends MarkBase {
  readonly kind: 'image'
  readonly box: Box
  readonly columns: number
  readonly rows: number
  /** Red, green, blue, alpha, row by row. */
  readonly pixels: Uint8ClampedArray
}

export type Mark = LineMark | AreaMark | TextMark | ImageMark

export interface Drawing {
  readonly width: number
  readonly height: number
  /** Undefined leaves the page as it is. */
  readonly background: string | undefined
  /** Where clipped marks end. */
  readonly plot: Box
  readonly marks: readonly Mark[]
  /** What the figure shows, for those who don't see it. */
  readonly description: string
}

/** Millimetres as points. */
export const millimetre = 72 / 25.4

/** A length in a file: two decimals, which is 1/14,000 inch. */
export function length(value: number): string {
  const rounded = Math.round(value * 100) / 100
  return Object.is(rounded, -0) ? '0' : String(rounded)
}
