/**
 * A figure: a chart, the part of it that is shown, and the page it goes on. One value, from which
 * every file is made.
 */
import type { ChartModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import type { PresetName } from '../presets.ts'
import type { PageOptions } from './pageOptions.ts'

export interface Figure {
  readonly model: ChartModel
  readonly preset: PresetName
  /** The part of the x axis; undefined shows all there is. */
  readonly window?: Window
  /** Names of the legend that are left out. */
  readonly hidden?: ReadonlySet<string>
  readonly options?: Partial<PageOptions>
}
