export {
  examinationCost,
  examine,
  gradientCost,
  productCost,
  type Examination,
  type ExaminationSettings,
} from './examine.ts'
export type { LossSurface } from './lossSurface.ts'
export { spreadOf, type Spread } from './spread.ts'
export type { Tensor } from './tensorSummary.ts'
