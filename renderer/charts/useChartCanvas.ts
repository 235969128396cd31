/**
 * Draws a chart model into an element: once per frame at most, and only while it can be seen. When
 * is decided by the state machine in chartPace.ts; here its moments are wired to the page.
 */
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue'
import { useSettings } from '../stores/settings.ts'
import { useStage } from '../stores/stage.ts'
import type { ChartGroup } from './chartGroup.ts'
import { type ChartModel, hasData, type Projection } from '../../figures/index.ts'
import {
  asked,
  covered,
  drawnInFull,
  isUrgent,
  looked,
  missed,
  newPace,
  newsDueAt,
  restarted,
  stepOf,
  type Tempo,
} from './chartPace.ts'
import { ChartScreen } from './chartScreen.ts'
import { listenToDensity } from './density.ts'
import { drawQueue } from './drawQueue.ts'
import { HeldReading } from './heldReading.ts'
import { useSettling } from './useSettling.ts'

/** The element sends this event after each drawing, with the model that was drawn. */
const chartDrawn = 'chartdrawn'

/** Milliseconds without a move after which a chart rests. */
const settleMs = 160

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
  /** Called with the model that was drawn, after each drawing. */
  readonly onDrawn: (model: ChartModel) => void
}

interface Drawn {
  readonly model: ChartModel
  readonly projection: Projection
}

export interface ChartCanvas {
  /** What was drawn last. */
  readonly drawn: ShallowRef<Drawn | undefined>
  /** Draws as soon as possible: after something that a person did. */
  readonly redraw: () => void
}

export function useChartCanvas(options: ChartCanvasOptions): ChartCanvas {
  const { element, group, hidden } = options
  const settings = useSettings()
  const stage = useStage()
  const drawn: ChartCanvas['drawn'] = shallowRef()
  const screen = new ChartScreen()
  const reading = new HeldReading<Drawn>(readingMs, (value) => (drawn.value = value))
  const moving = useSettling(settleMs, redraw)
  let pace = newPace(performance.now())
  /** What was built last, until there is news: zooming and panning only draw another part of it. */
  let model: ChartModel | undefined
  let drawnAt = -Infinity
  let drawnWidth = 0
  let isVisible = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const tempo = (): Tempo => ({ paceMs: options.paceMs(), isLive: options.isLive() })

  function draw(): void {
    const box = element.value
    if (box === null) return
    if (!isVisible || document.hidden) {
      pace = missed(pace)
      return
    }
    const now = performance.now()
    if (box.clientWidth === 0 || box.clientHeight === 0) {
      // Behind its table, which goes on. What draws it again is that it gets back its size.
      pace = covered(pace, now)
      if (screen.projection !== undefined) announce(box, (model ??= options.build()))
      return
    }
    pace = looked(pace, now)
    const built = (model ??= options.build())
    const step = stepOf(pace, now, tempo(), {
      hasData: hasData(built),
      extend: () => screen.extend(built, group.window()),
    })
    if (step === 'full') drawInFull(box, built)
    else if (step === 'extended') announce(box, built)
    else if (step !== 'nothing') redrawAt(step.waitUntil)
  }

  function drawInFull(box: HTMLElement, of: ChartModel): void {
    const from = performance.now()
    screen.draw(box, of, {
      window: group.window(),
      hidden: hidden.value,
      isMoving: moving.isMoving,
      isLive: options.isLive(),
    })
    drawnAt = performance.now()
    drawnWidth = box.clientWidth
    pace = drawnInFull(pace, { from, to: drawnAt, hasData: hasData(of) })
    reading.expire()
    announce(box, of)
  }

  /** The legend's numbers follow no faster than people read; the element hears of every drawing. */
  function announce(box: HTMLElement, of: ChartModel): void {
    box.dispatchEvent(new CustomEvent(chartDrawn, { bubbles: true, detail: of }))
    options.onDrawn(of)
    reading.offer({ model: of, projection: screen.projection! })
  }

  function request(): void {
    clearTimeout(timer)
    timer = undefined
    drawQueue.request(draw, isUrgent(tempo()))
  }

  function redraw(): void {
    pace = asked(pace)
    request()
  }

  /**
   * With the first news behind a moment: all charts in the frame that one of them costs anyway.
   * Where no news comes, some time later.
   */
  function redrawAt(moment: number): void {
    const wait = moment - performance.now()
    if (wait > 0) timer ??= setTimeout(request, wait + newsMs)
    else request()
  }

  watch(options.version, () => {
    model = undefined
    redrawAt(newsDueAt(pace, tempo(), screen.canExtend))
  })
  // With the end of a run the axes close up behind it.
  watch([options.choice, options.isLive], () => {
    pace = restarted(pace, performance.now())
    model = undefined
    request()
  })
  watch(group.zoomed, () => {
    moving.move()
    redraw()
  })
  watch([group.expanded, hidden], redraw)
  watch(
    [() => settings.resolvedTheme, () => stage.isPresenting],
    () => {
      screen.forgetTheme()
      redraw()
    },
    { flush: 'post' },
  )

  /**
   * A legend that came with a drawing may take a row from the plot: that is drawn before the next
   * picture, so that nobody sees the axis cut.
   */
  const resized = new ResizeObserver(() => {
    const isByLegend =
      performance.now() - drawnAt < settleMs && element.value?.clientWidth === drawnWidth
    if (!isByLegend) return redraw()
    pace = asked(pace)
    draw()
  })
  const redrawMissed = () => {
    if (isVisible && !document.hidden && pace.isMissed) redraw()
  }
  const seen = new IntersectionObserver((entries) => {
    isVisible = entries.at(-1)!.isIntersecting
    redrawMissed()
  })

  let stopListening = () => {}
  onMounted(() => {
    stopListening = listenToDensity(redraw)
    resized.observe(element.value!)
    // All of it, for its legend may be in sight when its plot is not, and its table in the plot's
    // place.
    seen.observe(options.panel.value!)
    document.addEventListener('visibilitychange', redrawMissed)
  })
  onBeforeUnmount(() => {
    stopListening()
    resized.disconnect()
    seen.disconnect()
    document.removeEventListener('visibilitychange', redrawMissed)
    clearTimeout(timer)
    reading.close()
    drawQueue.cancel(draw)
    screen.close()
  })

  return { drawn, redraw }
}
