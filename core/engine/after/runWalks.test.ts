/** Walks of a stored run: a round further or back is as if it were the first that is asked for. */
import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../index.ts'
import { RunWalks } from './runWalks.ts'

const rounds = 40

async function played() {
  const host = memoryEngineHost()
  const config = quadraticConfig(`federation.rounds=${rounds}`)
  await (await Run.start(host, config, 'a')).play()
  return host
}

test('rounds back and further are those that a first question would find', async () => {
  const host = await played()
  const walks = new RunWalks(host)
  for (const round of [39, 38, 37, 20, 21, 19, 0, 39, 28, 27, 26])
    expect(await walks.walk('a', round), String(round)).toEqual(
      await new RunWalks(host).walk('a', round),
    )
})

test('no jump opens another worker', async () => {
  const host = await played()
  let opened = 0
  const { environment } = host
  const counting = Object.defineProperty({ ...host }, 'environment', {
    get: () => {
      opened++
      return environment
    },
  })
  const walks = new RunWalks(counting)
  for (const round of [39, 38, 37, 3, 25, 11, 38]) await walks.walk('a', round)
  expect(opened).toBe(1)
})

test('begins with a participant who answered and is honest, and with any that is asked for', async () => {
  const host = memoryEngineHost()
  const config = quadraticConfig(
    'federation.rounds=12',
    'federation.dropout=0.4',
    'federation.attack={ kind: signFlip, share: 0.3 }',
  )
  await (await Run.start(host, config, 'a')).play()
  const walks = new RunWalks(host)
  let skipped = 0
  for (let round = 0; round < 12; round++) {
    const { client, participants } = await walks.walk('a', round)
    const good = participants.filter(({ answers, attacks }) => answers && !attacks)
    expect(client).toBe((good[0] ?? participants[0])!.client)
    if (client !== participants[0]!.client) skipped++
    const last = participants.at(-1)!.client
    expect((await walks.walk('a', round, last)).client).toBe(last)
  }
  expect(skipped).toBeGreaterThan(0)
})
