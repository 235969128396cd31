/** The choice between the exchanges. */
import type { RunConfig } from '../config/index.ts'
import { movesVectors } from '../methods/index.ts'
import type { Exchange } from './exchange.ts'
import { ScalarExchange } from './scalarExchange.ts'
import { VectorExchange } from './vectorExchange.ts'

/** The exchange of a run whose method is the config's. */
export function createExchange(config: ExchangeConfig): Exchange {
  const { method } = config
  return movesVectors(method)
    ? new VectorExchange(config, method)
    : new ScalarExchange(config, method)
}

/** What an exchange follows from. */
export type ExchangeConfig = Pick<RunConfig, 'federation' | 'method' | 'seed'>
