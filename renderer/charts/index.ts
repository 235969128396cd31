/** Charts for the features: models in, panels out. */
export { createChartGroup, type ChartGroup } from './chartGroup.ts'
export { lowerBound, measuredAt, type Scale } from '../../figures/index.ts'
export { chartsOnScreen, type ChartOnScreen } from './chartsOnScreen.ts'
export { useLossScale } from './useLossScale.ts'
export { default as ChartPanel } from './ChartPanel.vue'
