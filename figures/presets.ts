/** Where figures go, and the sizes that suit the place: what is 8 pt here is 8 pt in print. */

export interface FigurePreset {
  readonly title: string
  readonly widthMm: number
  readonly heightMm: number
  readonly textPt: number
  readonly linePt: number
  /** Width of a mark on a line. */
  readonly markPt: number
  /** Pixels per inch of PNG files. */
  readonly dpi: number
}

export const figurePresets = {
  'one-column': {
    title: 'One column',
    widthMm: 85,
    heightMm: 62,
    textPt: 8,
    linePt: 1,
    markPt: 4,
    dpi: 600,
  },
  'two-columns': {
    title: 'Two columns',
    widthMm: 175,
    heightMm: 75,
    textPt: 8,
    linePt: 1.1,
    markPt: 4.5,
    dpi: 600,
  },
  slide: {
    title: 'Slide',
    widthMm: 240,
    heightMm: 125,
    textPt: 16,
    linePt: 2.25,
    markPt: 8,
    dpi: 200,
  },
  poster: {
    title: 'Poster',
    widthMm: 400,
    heightMm: 260,
    textPt: 30,
    linePt: 4.5,
    markPt: 16,
    dpi: 150,
  },
} as const satisfies Readonly<Record<string, FigurePreset>>

export type PresetName = keyof typeof figurePresets

export const presetNames = Object.keys(figurePresets) as PresetName[]
