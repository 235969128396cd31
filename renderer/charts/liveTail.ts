/**
 * The newest points of a chart, on a canvas of their own over its plot: drawing it in full is for
 * when its axes have to move.
 */
import type { ChartModel, Plot, Window } from '../../figures/index.ts'
import { tracePath } from './flatPath.ts'
import { isExtensible, newStrokes, type FullDrawing, type Stroke } from './newStrokes.ts'

/** Pixels that a stroke or a dot reaches beyond its points. */
const reach = 4

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export class LiveTail {
  readonly #canvas = document.createElement('canvas')
  readonly #pen = this.#canvas.getContext('2d')!
  #full: FullDrawing | undefined
  /**
   * Where it has drawn: nothing else is wiped, for every pixel that changes is composited again.
   */
  #inked: Box | undefined

  constructor() {
    Object.assign(this.#canvas.style, { position: 'absolute', pointerEvents: 'none' })
  }

  /** Whether the chart is one that new points can be drawn on. */
  get isPossible(): boolean {
    return this.#full !== undefined && isExtensible(this.#full.model)
  }

  /**
   * Begins anew over a chart that was just drawn in full; undefined where nothing may be drawn on
   * it.
   */
  restart(element: HTMLElement, full: FullDrawing | undefined): void {
    this.#full = full
    this.#wipe()
    if (full === undefined || !isExtensible(full.model)) return
    if (this.#canvas.parentNode !== element) element.append(this.#canvas)
    this.#place(full.projection.plot)
  }

  /** @returns false where the chart has to be drawn in full */
  draw(model: ChartModel, window: Window): boolean {
    const strokes = this.#full && newStrokes(this.#full, model, window)
    if (strokes === undefined) return false
    this.#wipe()
    for (const stroke of strokes) this.#stroke(stroke)
    this.#inked = boxAround(strokes)
    return true
  }

  #place({ left, top, width, height }: Plot): void {
    const density = window.devicePixelRatio
    const [columns, rows] = [Math.round(width * density), Math.round(height * density)]
    Object.assign(this.#canvas.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    })
    if (this.#canvas.width !== columns || this.#canvas.height !== rows) {
      this.#canvas.width = columns
      this.#canvas.height = rows
    }
    // Strokes come in pixels of the chart.
    this.#pen.setTransform(density, 0, 0, density, -left * density, -top * density)
  }

  #wipe(): void {
    if (this.#inked === undefined) return
    const { left, top, right, bottom } = this.#inked
    this.#pen.clearRect(left, top, right - left, bottom - top)
    this.#inked = undefined
  }

  #stroke({ points, outline, style, dashOffset }: Stroke): void {
    const pen = this.#pen
    pen.globalAlpha = style.opacity
    pen.strokeStyle = style.stroke
    pen.lineWidth = style.lineWidth
    pen.lineJoin = style.lineJoin ?? 'miter'
    pen.setLineDash([...(style.lineDash ?? [])])
    pen.lineDashOffset = dashOffset
    pen.beginPath()
    tracePath(pen, points, outline)
    if (style.fill !== 'none') {
      pen.fillStyle = style.fill
      pen.fill()
    }
    pen.stroke()
  }
}

function boxAround(strokes: readonly Stroke[]): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { points } of strokes)
    for (let at = 0; at < points.length; at += 2) {
      left = Math.min(left, points[at]!)
      right = Math.max(right, points[at]!)
      top = Math.min(top, points[at + 1]!)
      bottom = Math.max(bottom, points[at + 1]!)
    }
  return left > right
    ? undefined
    : { left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach }
}
