/**
 * The charts that the view on screen has, so that they can be saved from elsewhere than their own
 * corner.
 */
import type { Figure } from '../../figures/index.ts'
import { shallowReactive } from 'vue'
import { whileShown } from '../stores/whileShown.ts'

/** What a figure is made of, as the chart is now. */
type ShownFigure = Pick<Figure, 'model' | 'window' | 'hidden'>

export interface ChartOnScreen {
  readonly element: () => Element | null
  readonly title: () => string
  /** Whether it has anything to show. */
  readonly isEmpty: () => boolean
  readonly figure: () => ShownFigure
  /** In front of a file's name. */
  readonly fileLabel: () => string
}

/** In no order: views that are shown again enter theirs from the last to the first. */
const all = shallowReactive(new Set<ChartOnScreen>())

/** As one reads them, from the top. */
export function chartsOnScreen(): ChartOnScreen[] {
  return [...all].sort((a, b) => {
    const [first, second] = [a.element(), b.element()]
    if (first === null || second === null) return 0
    const isBefore = first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING
    return isBefore ? -1 : 1
  })
}

/** Lists a chart for as long as its view is the one that is shown. */
export function listOnScreen(chart: ChartOnScreen): void {
  whileShown(
    () => all.add(chart),
    () => all.delete(chart),
  )
}
