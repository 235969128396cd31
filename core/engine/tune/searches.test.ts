/** Searches as faces ask for them: progress, one at a time, cancelled and continued, widened. */
import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import type { EngineEvent, TuningRequest } from '../protocol/protocol.ts'
import { Searches } from './searches.ts'
import type { Tuning } from './tune.ts'

const request: TuningRequest = {
  configs: [quadraticConfig('method.name=decomfl', 'federation.rounds=8', 'task.dim=20')],
  settings: { learningRates: [0.001, 0.01], halvings: 1 },
  library: 'runs',
}

function open() {
  const events: EngineEvent[] = []
  const searches = new Searches(memoryEngineHost(), (event) => events.push(event))
  return { searches, events }
}
const lossesOf = ({ methods }: Tuning) => methods[0]!.candidates.map(({ losses }) => losses)

test('a search tells how far it is, and what is there is read without playing any of it', async () => {
  const { searches, events } = open()
  expect((await searches.read(request)).share).toBe(0)
  const found = await searches.play(request)
  expect(found.share).toBe(1)
  expect(events.at(-1)).toEqual({ searched: 1, found })
  const told = events.length
  expect(await searches.read(request)).toEqual(found)
  expect(events).toHaveLength(told)
})

test('one that is played refuses another; cancelled it keeps what it has, and goes on to the same', async () => {
  const { searches } = open()
  const playing = searches.play(request)
  await expect(searches.play(request)).rejects.toMatchObject({ code: 'RUN_LOCKED' })
  searches.cancel()
  expect((await playing).share).toBeLessThan(1)
  const whole = await open().searches.play(request)
  expect(lossesOf(await searches.play(request))).toEqual(lossesOf(whole))
})

test('one with a further rate takes over what was played', async () => {
  const { searches } = open()
  const found = await searches.play(request)
  const wider = {
    ...request,
    settings: { ...request.settings, learningRates: [0.001, 0.01, 0.02] },
  }
  const there = lossesOf(await searches.read(wider))
  expect(there.slice(0, 2).map(([first]) => first)).toEqual(lossesOf(found).map(([first]) => first))
  expect(there[2]).toEqual([])
})
