/** Charts that are looked at together: one window of x, one crosshair, one chart in full size. */
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { fromScale, type Scale, toScale, type Window } from '../../figures/index.ts'

export interface ChartGroup {
  /** Where the crosshair stands, in x; undefined while nobody points. */
  readonly cursor: ShallowRef<number | undefined>
  /** What was zoomed to; undefined shows everything and follows what comes. */
  readonly zoomed: ShallowRef<Window | undefined>
  /**
   * Whether less than everything is shown: for what need not know how much, and so not be rendered
   * with every move.
   */
  readonly isZoomed: ComputedRef<boolean>
  /** The id of the chart that has all the room. */
  readonly expanded: ShallowRef<string | undefined>
  /** The window as it is to be drawn now. */
  window(): Window
  /** Zooms around x: factors below 1 come closer. */
  zoom(x: number, factor: number): void
  /** Moves by a share of the window's width. */
  pan(share: number): void
  select(window: Window): void
  reset(): void
  /** Gives one chart all the room, or none. */
  expand(id: string | undefined): void
}

/** The narrowest window, as a share of everything. */
const narrowest = 1e-5

/**
 * @param extent everything there is, in x
 * @param scale of the x axis
 */
export function createChartGroup(
  extent: () => Window,
  scale: () => Scale = () => 'linear',
): ChartGroup {
  const cursor = shallowRef<number>()
  const zoomed = shallowRef<Window>()
  const expanded = shallowRef<string>()

  const scaled = ({ from, to }: Window): Window => ({
    from: toScale(scale(), from),
    to: toScale(scale(), to),
  })

  /** Never wider than everything, never outside it. */
  function show(next: Window): void {
    const all = scaled(extent())
    const width = Math.max(next.to - next.from, (all.to - all.from) * narrowest)
    if (width >= (all.to - all.from) * 0.9999) {
      zoomed.value = undefined
      return
    }
    const from = Math.min(Math.max(next.from, all.from), all.to - width)
    zoomed.value = { from: fromScale(scale(), from), to: fromScale(scale(), from + width) }
  }

  const group: ChartGroup = {
    cursor,
    zoomed,
    isZoomed: computed(() => zoomed.value !== undefined),
    expanded,
    window: () => zoomed.value ?? extent(),
    zoom(x, factor) {
      const { from, to } = scaled(group.window())
      const at = toScale(scale(), x)
      show({ from: at - (at - from) * factor, to: at + (to - at) * factor })
    },
    pan(share) {
      if (zoomed.value === undefined) return
      const { from, to } = scaled(zoomed.value)
      const by = (to - from) * share
      show({ from: from + by, to: to + by })
    },
    select: (window) => show(scaled(window)),
    reset: () => (zoomed.value = undefined),
    expand: (id) => (expanded.value = id),
  }
  return group
}
