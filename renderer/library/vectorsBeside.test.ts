import { expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import { bestWithVectors, reachedText } from './vectorsBeside.ts'

function listing(method: string, testAccuracy: number, clients = 8, status = 'finished') {
  return {
    folder: `/runs/${method}-${testAccuracy}-${clients}`,
    config: parseRunConfig({
      name: 'study',
      task: { dataset: 'mnist', model: 'mlp' },
      federation: { clients },
      method: { name: method },
    }),
    record: {
      status,
      rounds: 50,
      latest: { testAccuracy },
      totals: { uplinkBytes: 6e6, downlinkBytes: 6e6 },
    },
  } as unknown as RunListing
}
const { config } = listing('hiso', 0.5)

it('finds the best finished run of the same federation whose method sends vectors', () => {
  const best = listing('fedavg', 0.88)
  const others = [
    listing('fedavg', 0.8),
    listing('hiso', 0.99),
    listing('fedavg', 0.95, 9),
    listing('fedavg', 0.97, 8, 'failed'),
  ]
  expect(bestWithVectors(config, [...others, best])).toBe(best)
  expect(bestWithVectors(config, others.slice(1))).toBeUndefined()
})

it('says what it reached, and how many times the bytes', () => {
  expect(reachedText(listing('fedavg', 0.88), 77_400)).toBe(
    'FedAvg reached 88.0 % in 50 rounds, for 12 MB, 155 times as much.',
  )
})
