import { expect, it } from 'vitest'
import { createFederation, quadraticConfig } from '../testing/federation.ts'
import { forecastNetwork } from './index.ts'

const days = 86_400

it.each([
  ['hiso', 'lte'],
  ['hiso', 'lora'],
  ['fedavg', '3g'],
  ['fedzo', 'home'],
])('forecasts %s on %s as it then goes', async (method, network) => {
  const config = quadraticConfig(
    `method.name=${method}`,
    `network.kind=${network}`,
    ...['federation.rounds=60', 'federation.clients=30', 'devices.spread=2'],
  )
  const results = await createFederation(config).play()
  const played = results.at(-1)!.simulated!.simulatedMs / 1000 / 60
  const { secondsPerRound } = forecastNetwork(config, 101)!
  expect(secondsPerRound / played).toBeGreaterThan(0.8)
  expect(secondsPerRound / played).toBeLessThan(1.25)
})

it('knows what a deadline will drop', async () => {
  const config = quadraticConfig(
    ...['network.kind=lte', 'devices.spread=3', 'devices.deadline=2.5'],
    ...['federation.rounds=100', 'federation.clients=1000', 'federation.participants=20'],
  )
  const results = await createFederation(config).play()
  const late = results.reduce((sum, { simulated }) => sum + simulated!.late, 0) / 2000
  expect(forecastNetwork(config, 101)!.lateShare).toBeCloseTo(late, 1)
})

it('says that a million participants on LoRa would take weeks', () => {
  const config = quadraticConfig(
    ...['network.kind=lora', 'federation.rounds=100'],
    ...['federation.clients=1000000', 'federation.participants=1000000'],
  )
  expect((forecastNetwork(config, 101)!.secondsPerRound * 100) / days).toBeGreaterThan(21)
})

it('has nothing to say without a network', () => {
  expect(forecastNetwork(quadraticConfig(), 101)).toBeUndefined()
})
