/** Draws a chart model into an element: once per frame at most, and only while it can be seen. */
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue'
import { useSettings } from '../stores/settings.ts'
import type { ChartGroup } from './chartGroup.ts'
import type { ChartModel } from './chartModel.ts'
import { drawChart } from './chartOption.ts'
import { drawQueue } from './drawQueue.ts'
import { init, type Chart } from './echarts.ts'
import { toCanvas } from './exportChart.ts'
import type { Projection } from './projection.ts'
import { readTheme, type ChartTheme } from './theme.ts'

/** Told by the element after each drawing, with the model that was drawn: for whoever measures how long that took. */
export const chartDrawn = 'chartdrawn'

/** Milliseconds without a move after which a chart rests. */
const settleMs = 160

/** A chart that is drawn more often than this is what people stare at: it does not queue behind the others. */
const urgentPaceMs = 50

export interface ChartCanvasOptions {
  readonly element: Readonly<ShallowRef<HTMLElement | null>>
  readonly group: ChartGroup
  readonly hidden: ShallowRef<ReadonlySet<string>>
  /** Called when it is drawn, not before: a chart nobody sees builds nothing. */
  readonly build: () => ChartModel
  /** Rises when `build` would give something else. */
  readonly version: () => unknown
  /** Milliseconds between drawings that only new data asks for. */
  readonly paceMs: () => number
}

export interface ChartCanvas {
  /** What was drawn last. */
  readonly drawn: ShallowRef<
    { readonly model: ChartModel; readonly projection: Projection } | undefined
  >
  /** Draws as soon as possible: after something that a person did. */
  readonly redraw: () => void
}

export function useChartCanvas(options: ChartCanvasOptions): ChartCanvas {
  const { element, group, hidden } = options
  const settings = useSettings()
  const drawn: ChartCanvas['drawn'] = shallowRef()
  let chart: Chart | undefined
  let theme: ChartTheme | undefined
  /** What was built last, until there is news: zooming and panning only draw another part of it. */
  let model: ChartModel | undefined
  let isVisible = false
  let isStale = true
  let lastDrawn = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let isMoving = false
  let settling: ReturnType<typeof setTimeout> | undefined

  function draw(): void {
    const box = element.value
    if (box === null || box.clientWidth === 0 || box.clientHeight === 0) return
    if (!isVisible || document.hidden) {
      isStale = true
      return
    }
    isStale = false
    lastDrawn = performance.now()
    const size = { width: box.clientWidth, height: box.clientHeight }
    if (chart === undefined) chart = init(box, null, { renderer: 'canvas', ...size })
    else if (chart.getWidth() !== size.width || chart.getHeight() !== size.height)
      chart.resize({ ...size, silent: true })
    theme ??= readTheme()
    model ??= options.build()
    const { option, projection } = drawChart(model, {
      ...size,
      theme,
      window: group.window(),
      hidden: hidden.value,
      toImage: toCanvas,
      isMoving,
    })
    chart.setOption(option, { replaceMerge: ['series'], silent: true })
    chart.getZr().flush()
    drawn.value = { model, projection }
    box.dispatchEvent(new CustomEvent(chartDrawn, { bubbles: true, detail: model }))
  }

  const redraw = () => drawQueue.request(draw, options.paceMs() < urgentPaceMs)

  /** New data may wait: a chart that is redrawn for every round takes time from the engine that plays them. */
  function redrawSoon(): void {
    model = undefined
    if (timer !== undefined) return
    const wait = lastDrawn + options.paceMs() - performance.now()
    if (wait <= 0) redraw()
    else
      timer = setTimeout(() => {
        timer = undefined
        redraw()
      }, wait)
  }

  /** While the window moves, many lines are drawn with fewer points; once it rests, with all that the screen can show. */
  function redrawMoving(): void {
    isMoving = true
    clearTimeout(settling)
    settling = setTimeout(() => {
      isMoving = false
      redraw()
    }, settleMs)
    redraw()
  }

  watch(options.version, redrawSoon)
  watch(group.zoomed, redrawMoving)
  watch([group.expanded, hidden], redraw)
  watch(
    () => settings.resolvedTheme,
    () => {
      theme = undefined
      redraw()
    },
    { flush: 'post' },
  )

  const resized = new ResizeObserver(redraw)
  const seen = new IntersectionObserver((entries) => {
    isVisible = entries.at(-1)!.isIntersecting
    if (isVisible && isStale) redraw()
  })
  const onVisibilityChange = () => {
    if (!document.hidden && isStale) redraw()
  }

  onMounted(() => {
    resized.observe(element.value!)
    seen.observe(element.value!)
    document.addEventListener('visibilitychange', onVisibilityChange)
  })
  onBeforeUnmount(() => {
    resized.disconnect()
    seen.disconnect()
    document.removeEventListener('visibilitychange', onVisibilityChange)
    clearTimeout(timer)
    clearTimeout(settling)
    drawQueue.cancel(draw)
    chart?.dispose()
    chart = undefined
  })

  return { drawn, redraw }
}
