/** What a person chooses of a page beside its size. */

export const legendPlaces = ['out', 'in', 'none'] as const
/** Above the plot, within it, or nowhere. */
export type LegendPlace = (typeof legendPlaces)[number]

export interface PageOptions {
  readonly legend: LegendPlace
  readonly isTransparent: boolean
  /** Whether the chart's title stands above it: papers say it in the caption. */
  readonly hasTitle: boolean
}

export const pageDefaults: PageOptions = { legend: 'out', isTransparent: false, hasTitle: false }
