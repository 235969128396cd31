/** Charts for the features: models in, panels out. */
export { createChartGroup, type ChartGroup } from './chartGroup.ts'
export {
  type AxisModel,
  type BandLayer,
  type ChartModel,
  type ChartTable,
  type ColorToken,
  type Layer,
  type LineLayer,
  type Marker,
  type RasterLayer,
  type RasterRequest,
  type Scale,
} from './chartModel.ts'
export { chartsOnScreen, type ChartFormat, type ChartOnScreen } from './chartsOnScreen.ts'
export { default as ChartPanel } from './ChartPanel.vue'
export { lowerBound, measuredAt, type Window } from './decimate.ts'
export { formatQuantity } from './readout.ts'
export { MovingAverage, smooth } from './smooth.ts'
export { distinctColors, methodColor, seriesColor } from './theme.ts'
