/** The choice between the exchanges. */
import type { RunConfig } from '../config/index.ts'
import type { Exchange } from './exchange.ts'
import { ScalarExchange } from './scalarExchange.ts'

/** The exchange of a run whose method is the config's. */
export function createExchange(config: ExchangeConfig): Exchange {
  return new ScalarExchange(config, config.method)
}

/** What an exchange follows from. */
export type ExchangeConfig = Pick<RunConfig, 'federation' | 'method' | 'seed'>
