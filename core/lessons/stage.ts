/** What a page of a lesson can put on stage: the views, and the charts of Watch, by their ids. */

export const stageViews = ['watch', 'wire', 'walk', 'compare', 'lab', 'plane', 'configure'] as const

export type StageView = (typeof stageViews)[number]

/** Watch's charts, in its order. */
export const stageCharts = [
  'loss',
  'accuracy',
  'scalars',
  'roundBytes',
  'cumulativeBytes',
  'participation',
  'hessian',
  'hessianRank',
  'effectiveRank',
] as const

export type StageChart = (typeof stageCharts)[number]
