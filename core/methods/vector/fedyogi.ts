/**
 * FedYogi: FedAdam whose second moment changes by at most a share of Δ², and so forgets large
 * values slowly.
 *
 * @see arXiv 2003.00295, Algorithm 2
 */
import type { AdaptiveSettings } from '../../config/index.ts'
import { fedavg } from './fedavg.ts'
import { adaptive } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export function fedyogi(settings: AdaptiveSettings): VectorPieces {
  const take = Math.fround(1 - settings.secondMoment)
  return {
    ...fedavg(settings),
    server: adaptive({
      secondMomentFormula: String.raw`v \leftarrow v - (1 - \beta_2) \Delta^2 \operatorname{sign}(v - \Delta^2)`,
      ...settings,
      // v ← v − (1 − β₂) Δ² sign(v − Δ²)
      secondMoment: (v, square) => v - Math.fround(take * square) * Math.sign(v - square),
    }),
  }
}
