/** How a chart model is looked at: size, window, theme, what is hidden. */
import type { Window } from '../../figures/index.ts'
import type { ChartTheme } from './theme.ts'

export interface ChartView {
  readonly width: number
  readonly height: number
  readonly window: Window
  readonly theme: ChartTheme
  readonly hidden: ReadonlySet<string>
  /**
   * Makes an image that ECharts can draw of red, green, blue, alpha.
   */
  readonly toImage: (
    pixels: Uint8ClampedArray<ArrayBuffer>,
    width: number,
    height: number,
  ) => unknown
  /** Whether the window is being moved: speed comes before detail. */
  readonly isMoving?: boolean
  /**
   * Drawn smaller than this, an image is enlarged; 1 pixel of raster per pixel of screen otherwise.
   */
  readonly rasterScale?: number
}
