/** Draws a chart model into an element: once per frame at most, and only while it can be seen. */
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue'
import { useSettings } from '../stores/settings.ts'
import type { ChartGroup } from './chartGroup.ts'
import { hasData, type ChartModel } from './chartModel.ts'
import { drawChart } from './chartOption.ts'
import { drawQueue } from './drawQueue.ts'
import { init, type Chart } from './echarts.ts'
import { toCanvas } from './exportChart.ts'
import { LiveTail } from './liveTail.ts'
import type { Projection } from './projection.ts'
import { readTheme, type ChartTheme } from './theme.ts'

/**
 * Told by the element after each drawing, with the model that was drawn: for whoever measures how
 * long that took.
 */
export const chartDrawn = 'chartdrawn'

/** Milliseconds without a move after which a chart rests. */
const settleMs = 160

/**
 * A chart that is drawn more often than this is what people stare at: it does not queue behind the
 * others.
 */
const urgentPaceMs = 50

/**
 * The share of a core that drawing a chart in full may take while a run goes on. What people stare
 * at is not held back: its points would be late.
 */
const drawShare = 1 / 200

/**
 * The longest that it is held back; in its first seconds no longer than it has been there: a first
 * drawing, while workers start, takes many times what the next will.
 */
const longestHoldMs = 4000

/** Milliseconds between looks whether there is something to draw at last. */
const blankMs = 50

/** News of a run come faster than this, or are over. */
const newsMs = 120

/** Milliseconds between changes of the numbers in a legend. */
const readingMs = 250

export interface ChartCanvasOptions {
  readonly element: Readonly<ShallowRef<HTMLElement | null>>
  /** What is around it: while nothing of that can be seen nothing is drawn. */
  readonly panel: Readonly<ShallowRef<HTMLElement | null>>
  readonly group: ChartGroup
  readonly hidden: ShallowRef<ReadonlySet<string>>
  /** Called when it is drawn, not before: a chart nobody sees builds nothing. */
  readonly build: () => ChartModel
  /** Rises when `build` would give something else. */
  readonly version: () => unknown
  /** Changes when a person has chosen what `build` gives: that is drawn at once. */
  readonly choice: () => unknown
  /** Milliseconds between drawings that only new data asks for. */
  readonly paceMs: () => number
  /**
   * Whether what is new is mostly new points, again and again: they are drawn on what is there, and
   * the rest is held to its share of time.
   */
  readonly isLive: () => boolean
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
  let projection: Projection | undefined
  let isVisible = false
  let isStale = true
  let lastDrawn = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let isMoving = false
  let settling: ReturnType<typeof setTimeout> | undefined

  /** What is on screen is out of date for another reason than new data. */
  let isAsked = true
  const tail = new LiveTail()
  let fullAt = -Infinity
  let fullMs = 0
  /** When a run began, or something else was chosen. */
  let since = performance.now()
  /** It says that there is nothing to draw: no longer than that is true. */
  let isBlank = false
  let newest: ChartCanvas['drawn']['value']
  let toldAt = -Infinity
  let telling: ReturnType<typeof setTimeout> | undefined

  const isUrgent = () => options.paceMs() < urgentPaceMs

  /** When new data alone may have the chart drawn in full again. */
  function nextFull(): number {
    const isHeldBack = options.isLive() && !isUrgent()
    const longest = Math.min(longestHoldMs, fullAt - since)
    const hold = isHeldBack ? Math.min(fullMs / drawShare, longest) : 0
    return fullAt + Math.max(options.paceMs(), hold)
  }

  function draw(): void {
    const box = element.value
    if (box === null) return
    if (!isVisible || document.hidden) {
      isStale = true
      return
    }
    if (box.clientWidth === 0 || box.clientHeight === 0) {
      // Behind its table, which goes on. What draws it again is that it gets back its size.
      lastDrawn = performance.now()
      if (projection !== undefined) tell(box, (model ??= options.build()))
      return
    }
    const now = performance.now()
    isStale = false
    lastDrawn = now
    model ??= options.build()
    if (isAsked) drawInFull(box, model)
    else if (isBlank) {
      if (hasData(model)) drawInFull(box, model)
    } else if (tail.draw(model, group.window())) tell(box, model)
    else if (now < nextFull()) redrawAt(nextFull())
    else drawInFull(box, model)
  }

  function drawInFull(box: HTMLElement, of: ChartModel): void {
    fullAt = performance.now()
    isAsked = false
    isBlank = !hasData(of)
    const size = { width: box.clientWidth, height: box.clientHeight }
    if (chart === undefined) chart = init(box, null, { renderer: 'canvas', ...size })
    else if (chart.getWidth() !== size.width || chart.getHeight() !== size.height)
      chart.resize({ ...size, silent: true })
    theme ??= readTheme()
    const view = { theme, window: group.window(), hidden: hidden.value }
    const full = drawChart(of, { ...size, ...view, toImage: toCanvas, isMoving })
    chart.setOption(full.option, { replaceMerge: ['series'], silent: true })
    chart.getZr().flush()
    tail.restart(box, isMoving || !options.isLive() ? undefined : { ...full, ...view, model: of })
    projection = full.projection
    toldAt = -Infinity
    tell(box, of)
    fullMs = performance.now() - fullAt
  }

  /** The legend's numbers follow no faster than people read; the element hears of every drawing. */
  function tell(box: HTMLElement, of: ChartModel): void {
    newest = { model: of, projection: projection! }
    box.dispatchEvent(new CustomEvent(chartDrawn, { bubbles: true, detail: of }))
    const wait = toldAt + readingMs - performance.now()
    if (wait <= 0) show()
    else telling ??= setTimeout(show, readingMs)
  }

  function show(): void {
    clearTimeout(telling)
    telling = undefined
    toldAt = performance.now()
    if (newest !== undefined) drawn.value = newest
  }

  function request(): void {
    clearTimeout(timer)
    timer = undefined
    drawQueue.request(draw, isUrgent())
  }

  function redraw(): void {
    isAsked = true
    request()
  }

  /**
   * New data may wait: a chart that is redrawn for every round takes time from the engine that
   * plays them.
   */
  function redrawSoon(): void {
    model = undefined
    if (isBlank) redrawAt(lastDrawn + Math.min(options.paceMs(), blankMs))
    else redrawAt(tail.isPossible ? lastDrawn + options.paceMs() : nextFull())
  }

  /**
   * With the first news behind a moment: all charts in the frame that one of them costs anyway.
   * Where no news comes, some time later.
   */
  function redrawAt(moment: number): void {
    const wait = moment - performance.now()
    if (wait > 0) {
      timer ??= setTimeout(request, wait + newsMs)
      return
    }
    request()
  }

  /**
   * While the window moves, many lines are drawn with fewer points; once it rests, with all that
   * the screen can show.
   */
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
  // With the end of a run the axes close up behind it.
  watch([options.choice, options.isLive], () => {
    since = performance.now()
    model = undefined
    redraw()
  })
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
    // All of it, for its legend may be in sight when its plot is not, and its table in the plot's
    // place.
    seen.observe(options.panel.value!)
    document.addEventListener('visibilitychange', onVisibilityChange)
  })
  onBeforeUnmount(() => {
    resized.disconnect()
    seen.disconnect()
    document.removeEventListener('visibilitychange', onVisibilityChange)
    clearTimeout(timer)
    clearTimeout(settling)
    clearTimeout(telling)
    drawQueue.cancel(draw)
    chart?.dispose()
    chart = undefined
  })

  return { drawn, redraw }
}
