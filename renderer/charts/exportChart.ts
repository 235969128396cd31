/**
 * A chart as a file: PNG at twice the pixels, or SVG; with title, legend, axes and units, in the
 * theme that is on screen.
 */
import type { ChartModel, Window } from '../../figures/index.ts'
import { drawChart } from './chartOption.ts'
import type { ChartView } from './chartView.ts'
import { init } from './echarts.ts'
import { readTheme } from './theme.ts'

const width = 1200
const height = 720
const pngDensity = 2

/** Image data as a canvas: what the screen draws. */
export function toCanvas(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  imageWidth: number,
  imageHeight: number,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = imageWidth
  canvas.height = imageHeight
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, imageWidth, imageHeight), 0, 0)
  return canvas
}

export interface ChartShown {
  readonly model: ChartModel
  readonly window: Window
  readonly hidden: ReadonlySet<string>
}

function standalone({ window, hidden }: ChartShown, toImage: ChartView['toImage']): ChartView {
  return { width, height, window, hidden, theme: readTheme(), toImage, isStandalone: true }
}

export function exportSvg(shown: ChartShown): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  const view = standalone(shown, (...image) => toCanvas(...image).toDataURL())
  chart.setOption(drawChart(shown.model, view).option)
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

export async function exportPng(shown: ChartShown): Promise<Uint8Array<ArrayBuffer>> {
  const element = document.createElement('div')
  const chart = init(element, null, {
    renderer: 'canvas',
    width,
    height,
    devicePixelRatio: pngDensity,
  })
  chart.setOption(drawChart(shown.model, standalone(shown, toCanvas)).option)
  chart.getZr().flush()
  const canvas = chart.renderToCanvas({ pixelRatio: pngDensity })
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  chart.dispose()
  return new Uint8Array(await blob!.arrayBuffer())
}

/** A file name that every system takes. */
export function fileNameOf(title: string, extension: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${slug || 'chart'}.${extension}`
}
