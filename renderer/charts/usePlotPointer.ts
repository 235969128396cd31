/**
 * What pointer, wheel and keys do on a plot: point, select to zoom, move, reset. Plain wheel is
 * left to the page, which may have to scroll; with Ctrl or a pinch it zooms.
 */
import { shallowRef, type ShallowRef } from 'vue'
import type { ChartGroup } from './chartGroup.ts'
import type { ChartCanvas } from './useChartCanvas.ts'

interface Selection {
  readonly left: number
  readonly width: number
}

/** Closer than this a press is a click, not a selection. */
const clickPixels = 4

export interface PlotPointer {
  /** What it points at. */
  readonly drawn: ChartCanvas['drawn']
  /** What is being selected, in pixels. */
  readonly selection: ShallowRef<Selection | undefined>
  /**
   * Where the pointer is, in pixels; undefined while it is over another plot of the group, or over
   * none.
   */
  readonly pointedY: ShallowRef<number | undefined>
  readonly handlers: Readonly<Record<string, (event: never) => void>>
}

export function usePlotPointer(group: ChartGroup, drawn: ChartCanvas['drawn']): PlotPointer {
  const selection: PlotPointer['selection'] = shallowRef()
  const pointedY: PlotPointer['pointedY'] = shallowRef()
  let pressed: { readonly x: number; readonly isPanning: boolean; last: number } | undefined

  function pixelOf(event: PointerEvent | WheelEvent): { x: number; y: number } {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function clampX(pixel: number): number {
    const { left, width } = drawn.value!.projection.plot
    return Math.min(left + width, Math.max(left, pixel))
  }

  function onPointerDown(event: PointerEvent): void {
    if (drawn.value === undefined || event.button > 1) return
    const { x } = pixelOf(event)
    pressed = { x, isPanning: event.button === 1 || event.shiftKey, last: x }
    ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    if (event.button === 1) event.preventDefault()
  }

  function onPointerMove(event: PointerEvent): void {
    const now = drawn.value
    if (now === undefined) return
    const { x, y } = pixelOf(event)
    pointedY.value = y
    if (pressed?.isPanning) {
      group.pan((pressed.last - x) / now.projection.plot.width)
      pressed.last = x
    } else if (pressed !== undefined && Math.abs(x - pressed.x) > clickPixels) {
      const [from, to] = [clampX(Math.min(x, pressed.x)), clampX(Math.max(x, pressed.x))]
      selection.value = { left: from, width: to - from }
    }
    group.cursor.value = now.projection.valueAtX(clampX(x))
  }

  function onPointerUp(): void {
    const now = drawn.value
    const chosen = selection.value
    pressed = undefined
    selection.value = undefined
    if (now === undefined || chosen === undefined || chosen.width < clickPixels) return
    group.select({
      from: now.projection.valueAtX(chosen.left),
      to: now.projection.valueAtX(chosen.left + chosen.width),
    })
  }

  function onPointerLeave(): void {
    pointedY.value = undefined
    if (pressed === undefined) group.cursor.value = undefined
  }

  /** A crosshair that keys have moved stays no longer than they can move it. */
  function onBlur(): void {
    if (pointedY.value === undefined) group.cursor.value = undefined
  }

  function onWheel(event: WheelEvent): void {
    const now = drawn.value
    if (now === undefined) return
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
    const isZoom = event.ctrlKey || event.metaKey || group.expanded.value !== undefined
    if (!isZoom && !(isSideways && group.zoomed.value !== undefined)) return
    event.preventDefault()
    if (isSideways && !event.ctrlKey)
      group.pan((event.deltaX || event.deltaY) / now.projection.plot.width)
    else
      group.zoom(now.projection.valueAtX(clampX(pixelOf(event).x)), Math.exp(event.deltaY * 0.002))
  }

  function onKeydown(event: KeyboardEvent): void {
    const now = drawn.value
    if (now === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const { plot } = now.projection
    const { from, to } = group.window()
    const x = group.cursor.value
    const pixel = x === undefined ? plot.left + plot.width : clampX(now.projection.x(x))
    const step = plot.width / (event.shiftKey ? 10 : 100)
    const moveTo = (next: number) => (group.cursor.value = now.projection.valueAtX(clampX(next)))
    const actions: Readonly<Record<string, () => unknown>> = {
      ArrowLeft: () => (pixel <= plot.left && group.pan(-0.1), moveTo(pixel - step)),
      ArrowRight: () => (pixel >= plot.left + plot.width && group.pan(0.1), moveTo(pixel + step)),
      Home: () => (group.cursor.value = from),
      End: () => (group.cursor.value = to),
      PageUp: () => group.pan(-0.5),
      PageDown: () => group.pan(0.5),
      '+': () => group.zoom(x ?? to, 0.7),
      '=': () => group.zoom(x ?? to, 0.7),
      '-': () => group.zoom(x ?? to, 1 / 0.7),
      '0': () => group.reset(),
    }
    const action = actions[event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }

  return {
    drawn,
    selection,
    pointedY,
    handlers: {
      pointerdown: onPointerDown,
      pointermove: onPointerMove,
      pointerup: onPointerUp,
      pointercancel: onPointerUp,
      pointerleave: onPointerLeave,
      dblclick: () => group.reset(),
      wheel: onWheel,
      keydown: onKeydown,
      blur: onBlur,
    },
  }
}
