/** Chooses the exchange. */
import type { RunConfig } from '../config/index.ts'
import { movesVectors } from '../methods/index.ts'
import type { Exchange } from './exchange.ts'
import { ScalarExchange } from './scalarExchange.ts'
import type { PrivacyNoise } from './uplink.ts'
import { VectorExchange } from './vectorExchange.ts'

/**
 * The exchange for a config's method.
 * @param noise what makes replies private, in place of streams that follow from the seed
 */
export function createExchange(config: ExchangeConfig, noise?: PrivacyNoise): Exchange {
  const { method } = config
  return movesVectors(method)
    ? new VectorExchange(config, method)
    : new ScalarExchange(config, method, noise)
}

/** What an exchange depends on. */
export type ExchangeConfig = Pick<RunConfig, 'federation' | 'method' | 'seed'>
