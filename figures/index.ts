/**
 * Figures: charts as data, and the files that are made of them. The window and the command line
 * take them from here, so that both make the same file.
 */
export { formatTick, fromScale, paddedExtent, tickTexts, ticksOf, toScale } from './model/axis.ts'
export {
  hasData,
  legendOf,
  type AxisModel,
  type BandLayer,
  type ChartModel,
  type ChartTable,
  type ColorToken,
  type Layer,
  type LegendEntry,
  type LineLayer,
  type Marker,
  type Quantity,
  type RasterLayer,
  type RasterRequest,
  type Scale,
  type StackLayer,
} from './model/chartModel.ts'
export { distinctColors, methodColor, seriesColor } from './model/colors.ts'
export {
  averageColumns,
  decimate,
  lastMeasured,
  lowerBound,
  measuredAt,
  type Window,
} from './model/decimate.ts'
export { GrowingColumn } from './model/growingColumn.ts'
export {
  Projection,
  unitOf,
  visibleExtent,
  visibleLayers,
  type Plot,
  type Visible,
} from './model/projection.ts'
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatValue,
} from './model/quantityText.ts'
export { MovingAverage, smooth } from './model/smooth.ts'
export {
  roundAt,
  xAxisModel,
  xAxisNames,
  xAxisOptions,
  xColumn,
  xExtent,
  xOfRound,
  type XAxisName,
} from './model/xAxis.ts'
export {
  angleChart,
  metricColors,
  metricTitle,
  scatterChart,
  scatterExtent,
  spectrumChart,
} from './charts/curvatureCharts.ts'
export { heldNote, roundsHeld } from './charts/heldRounds.ts'
export {
  effectiveRankChart,
  hessianHistogramChart,
  hessianRankChart,
  scalarsChart,
} from './charts/insightCharts.ts'
export {
  answerColumns,
  cumulativeBytesChart,
  lossChart,
  markersOf,
  qualityChart,
  roundBytesChart,
  type WatchSettings,
} from './charts/metricCharts.ts'
export { participationChart } from './charts/participationChart.ts'
export { paintHistogram, paintParticipation, type ParticipationRounds } from './charts/rasters.ts'
export { runColumnsOf, sums, type RunColumns, type SumColumn } from './charts/runColumns.ts'
export { RunColumnsView } from './charts/runColumnsView.ts'
export {
  compareChart,
  metricAxis,
  metricTitles,
  type BandKind,
  type CompareSettings,
} from './compare/compareChart.ts'
export { CurveCache, curveOf, type CurveSettings, type GroupCurves } from './compare/curves.ts'
export {
  groupingKeys,
  groupRuns,
  type ComparedRun,
  type Grouping,
  type RunGroup,
} from './compare/grouping.ts'
export { commonTargetOf, resultsOf, type GroupResult } from './compare/results.ts'
