/** Charts for the features: models in, panels out. */
export { createChartGroup, type ChartGroup } from './chartGroup.ts'
export type { Scale } from './chartModel.ts'
export { chartsOnScreen, type ChartFormat, type ChartOnScreen } from './chartsOnScreen.ts'
export { default as ChartPanel } from './ChartPanel.vue'
export { lowerBound, measuredAt } from './decimate.ts'
