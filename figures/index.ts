/**
 * Figures: charts as data, and the files that are made of them. The window and the command line
 * take them from here, so that both make the same file.
 */
export { fromScale, tickTexts, ticksOf, toScale } from './model/axis.ts'
export {
  axisText,
  hasData,
  legendOf,
  type AxisModel,
  type ChartModel,
  type ChartTable,
  type ColorToken,
  type LegendEntry,
  type LineLayer,
  type Marker,
  type Quantity,
  type RasterLayer,
  type Scale,
} from './model/chartModel.ts'
export { lossScaleOf } from './model/lossScale.ts'
export { decimate, lastMeasured, lowerBound, measuredAt, type Window } from './model/decimate.ts'
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
export {
  haveNetwork,
  xAxisOf,
  xAxisOptionsOf,
  xColumn,
  xExtent,
  type XAxisName,
} from './model/xAxis.ts'
export {
  chartMeanings,
  figureMeanings,
  meaningOfName,
  type Meaning,
} from './charts/chartMeanings.ts'
export {
  angleChart,
  metricColors,
  metricTitle,
  scatterChart,
  scatterExtent,
  spectrumChart,
} from './charts/curvatureCharts.ts'
export { roundsHeld } from './charts/heldRounds.ts'
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
export { type ParticipationRounds } from './charts/rasters.ts'
export { sums, type RunColumns, type SumColumn } from './charts/runColumns.ts'
export { RunColumnsView } from './charts/runColumnsView.ts'
export {
  compareChart,
  metricTitles,
  type BandKind,
  type CompareSettings,
} from './compare/compareChart.ts'
export { CurveCache } from './compare/curves.ts'
export {
  groupingKeys,
  groupRuns,
  tellApart,
  isStopped,
  type ComparedRun,
  type RunGroup,
} from './compare/grouping.ts'
export {
  bestOfColumns,
  isBaselineIn,
  ratioInterval,
  ratioText,
  reachingRuns,
  resultsOf,
  sortResults,
  verdictOfRatio,
  type GroupResult,
  type Ratio,
  type ResultColumn,
  type ResultSettings,
} from './compare/results.ts'
export {
  sweepChart,
  sweepHeading,
  sweepLines,
  sweptSettings,
  type SweepSettings,
  type SweepValue,
} from './compare/sweepChart.ts'
export { tuningChart } from './compare/tuningChart.ts'
export { verdictOf } from './compare/verdict.ts'
export { runColumnsOf } from './charts/runColumns.ts'
export { runChartNames, runCharts, type RunFacts, type RunNeed } from './charts/runCharts.ts'
export { comparisonChart, type LoadedRun } from './compare/comparisonFigure.ts'
export type { Figure } from './drawing/figure.ts'
export { legendPlaces, type LegendPlace } from './drawing/pageOptions.ts'
export { figureBytes, figureExtensions, figureFormats, type FigureFormat } from './figureFiles.ts'
export { fileNameOf } from './fileName.ts'
export { figurePresets, presetNames, type PresetName } from './presets.ts'
export { heatPixels } from './drawing/heat.ts'
export {
  comparisonFormats,
  comparisonText,
  type ComparisonFormat,
} from './compare/comparisonTables.ts'
