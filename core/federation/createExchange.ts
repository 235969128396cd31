/** Chooses the exchange. */
import type { RunConfig } from '../config/index.ts'
import { movesVectors } from '../methods/index.ts'
import type { Exchange } from './exchange.ts'
import { ScalarExchange } from './scalarExchange.ts'
import { VectorExchange } from './vectorExchange.ts'

/** The exchange for a config's method. */
export function createExchange(config: ExchangeConfig): Exchange {
  const { method } = config
  return movesVectors(method)
    ? new VectorExchange(config, method)
    : new ScalarExchange(config, method)
}

/** What an exchange depends on. */
export type ExchangeConfig = Pick<RunConfig, 'federation' | 'method' | 'seed'>
