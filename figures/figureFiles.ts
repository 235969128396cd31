/** The files that are made of a figure. */
import { assertNever } from '../core/base/index.ts'
import type { Drawing } from './drawing/drawing.ts'
import type { Figure } from './drawing/figure.ts'
import { layOut } from './drawing/layout.ts'
import { pageDefaults } from './drawing/pageOptions.ts'
import { pdfOf } from './files/pdf.ts'
import { pgfplotsOf } from './files/pgfplots.ts'
import { pixelsOf } from './files/pixels.ts'
import { pngBytes } from './files/png.ts'
import { svgOf } from './files/svg.ts'
import { vegaLiteOf } from './files/vegaLite.ts'
import type { Window } from './model/decimate.ts'
import { modelWindow } from './model/modelWindow.ts'
import { figurePresets } from './presets.ts'

export const figureFormats = ['pdf', 'svg', 'png', 'tex', 'vega'] as const
export type FigureFormat = (typeof figureFormats)[number]

/** What a format's file name ends with. */
export const figureExtensions: Readonly<Record<FigureFormat, string>> = {
  pdf: 'pdf',
  svg: 'svg',
  png: 'png',
  tex: 'tex',
  vega: 'vl.json',
}

function drawFigure(figure: Figure): Drawing {
  const { model, preset, hidden, options } = figure
  return layOut(model, windowOf(figure), hidden ?? new Set(), figurePresets[preset], {
    ...pageDefaults,
    ...options,
  })
}

const windowOf = ({ window, model }: Figure): Window => window ?? modelWindow(model)

/** @param dpi of PNG; if left out, the preset's */
export function figureBytes(
  figure: Figure,
  format: FigureFormat,
  dpi: number = figurePresets[figure.preset].dpi,
): Uint8Array<ArrayBuffer> {
  const preset = figurePresets[figure.preset]
  const encode = (text: string) => new TextEncoder().encode(text)
  switch (format) {
    case 'pdf':
      return pdfOf(drawFigure(figure))
    case 'svg':
      return encode(svgOf(drawFigure(figure)))
    case 'png':
      return pngBytes(pixelsOf(drawFigure(figure), dpi), dpi)
    case 'tex':
      return encode(pgfplotsOf(figure, windowOf(figure), preset))
    case 'vega':
      return encode(vegaLiteOf(figure, windowOf(figure), preset))
    default:
      return assertNever(format)
  }
}
