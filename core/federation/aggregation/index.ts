import { assertNever } from '../../base/index.ts'
import type { AggregatorSettings } from '../../config/index.ts'
import type { Aggregator } from './aggregator.ts'
import { krum } from './krum.ts'
import { mean } from './mean.ts'
import { median } from './median.ts'
import { trimmedMean } from './trimmedMean.ts'

export type { Aggregator } from './aggregator.ts'
export { krum, krumScores } from './krum.ts'
export { mean } from './mean.ts'
export { median } from './median.ts'
export { trimmedMean } from './trimmedMean.ts'

export function createAggregator(settings: AggregatorSettings): Aggregator {
  switch (settings.kind) {
    case 'mean':
      return mean
    case 'median':
      return median
    case 'trimmedMean':
      return trimmedMean(settings.attackers)
    case 'krum':
      return krum(settings.attackers, settings.selected)
    default:
      return assertNever(settings)
  }
}
