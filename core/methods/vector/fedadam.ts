/**
 * FedAdam: the server treats the averaged update as a gradient and steps as Adam does.
 *
 * @see arXiv 2003.00295, Algorithm 2
 */
import type { AdaptiveSettings } from '../../config/index.ts'
import { fedavg } from './fedavg.ts'
import { adaptive } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export function fedadam(settings: AdaptiveSettings): VectorPieces {
  const keep = Math.fround(settings.secondMoment)
  const take = Math.fround(1 - keep)
  return {
    ...fedavg(settings),
    server: adaptive({
      secondMomentFormula: String.raw`v \leftarrow \beta_2 v + (1 - \beta_2) \Delta^2`,
      ...settings,
      // v ← β₂ v + (1 − β₂) Δ²
      secondMoment: (v, square) => Math.fround(keep * v) + Math.fround(take * square),
    }),
  }
}
