export type { AngleCurve, Angles, AngleSettings } from './angle.ts'
export type { Estimate } from './diagonal.ts'
export {
  examinationCost,
  examine,
  gradientCost,
  productCost,
  type Examination,
  type ExaminationSettings,
} from './examine.ts'
export type { LossSurface } from './lossSurface.ts'
export { type MetricName, type MetricReport } from './metric.ts'
export type { SpectrumSummary } from './spectrum.ts'
export { spreadOf, type Spread } from './spread.ts'
export type { Tensor, TensorSummary } from './tensorSummary.ts'
export type { Verdict, VerdictKind } from './verdict.ts'
