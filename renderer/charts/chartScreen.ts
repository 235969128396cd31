/** A chart model on a canvas: what ECharts holds, in the size and colours of the page. */
import type { ChartModel, Projection, Window } from '../../figures/index.ts'
import { drawChart } from './chartOption.ts'
import { init, type Chart } from './echarts.ts'
import { LiveTail } from './liveTail.ts'
import { readTheme, type ChartTheme } from './theme.ts'

interface View {
  readonly window: Window
  readonly hidden: ReadonlySet<string>
  /** While the window moves, many lines are drawn with fewer points. */
  readonly isMoving: boolean
  readonly isLive: boolean
}

export class ChartScreen {
  #chart: Chart | undefined
  #theme: ChartTheme | undefined
  #projection: Projection | undefined
  /** Pixels of the screen per pixel of the page that the chart was made for. */
  #density = 0
  readonly #tail = new LiveTail()

  /** How what was drawn last lies on the screen; undefined before the first drawing. */
  get projection(): Projection | undefined {
    return this.#projection
  }

  /** Whether new points may be drawn on what is there. */
  get canExtend(): boolean {
    return this.#tail.isPossible
  }

  /** @returns false where the model needs a full drawing */
  extend(model: ChartModel, window: View['window']): boolean {
    return this.#tail.draw(model, window)
  }

  draw(box: HTMLElement, model: ChartModel, { window, hidden, isMoving, isLive }: View): void {
    const size = { width: box.clientWidth, height: box.clientHeight }
    const chart = this.#sized(box, size)
    this.#theme ??= readTheme()
    const view = { theme: this.#theme, window, hidden }
    const full = drawChart(model, { ...size, ...view, toImage: toCanvas, isMoving })
    chart.setOption(full.option, { replaceMerge: ['series'], silent: true })
    chart.getZr().flush()
    this.#tail.restart(box, isMoving || !isLive ? undefined : { ...full, ...view, model })
    this.#projection = full.projection
  }

  /** Colours are read anew at the next drawing. */
  forgetTheme(): void {
    this.#theme = undefined
  }

  close(): void {
    this.#chart?.dispose()
    this.#chart = undefined
  }

  #sized(box: HTMLElement, size: { readonly width: number; readonly height: number }): Chart {
    if (this.#density !== devicePixelRatio) this.close()
    this.#density = devicePixelRatio
    if (this.#chart === undefined)
      this.#chart = init(box, null, {
        renderer: 'canvas',
        devicePixelRatio: this.#density,
        ...size,
      })
    else if (this.#chart.getWidth() !== size.width || this.#chart.getHeight() !== size.height)
      this.#chart.resize({ ...size, silent: true })
    return this.#chart
  }
}

/** Image data as a canvas: what the screen draws. */
function toCanvas(
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
