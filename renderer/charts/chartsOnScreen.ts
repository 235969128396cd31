/**
 * The charts that the view on screen has, so that they can be saved from elsewhere than their own
 * corner.
 */
import type { Figure } from '../../figures/index.ts'
import { onActivated, onDeactivated, onMounted, onUnmounted, shallowReactive } from 'vue'

/** What a figure is made of, as the chart is now. */
type ShownFigure = Pick<Figure, 'model' | 'window' | 'hidden'>

export interface ChartOnScreen {
  readonly title: () => string
  /** Whether it has anything to show. */
  readonly isEmpty: () => boolean
  readonly figure: () => ShownFigure
  /** In front of a file's name. */
  readonly fileLabel: () => string
}

/** In the order in which they came. */
export const chartsOnScreen = shallowReactive(new Set<ChartOnScreen>())

/** Lists a chart for as long as its view is the one that is shown. */
export function listOnScreen(chart: ChartOnScreen): void {
  const enter = () => chartsOnScreen.add(chart)
  const leave = () => chartsOnScreen.delete(chart)
  onMounted(enter)
  onActivated(enter)
  onDeactivated(leave)
  onUnmounted(leave)
}
