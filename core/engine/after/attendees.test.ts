import { expect, test } from 'vitest'
import { attendeesOf } from './attendees.ts'

const round = (called: number[], answering: number[], answeredMs: number[], closedMs: number) => ({
  participants: Uint32Array.from(called),
  answering: Uint32Array.from(answering),
  waits: { answeredMs, closedMs },
})

test('a round waits on its slowest, and on those who never answer', () => {
  const { clients, rounds, waitedMs } = attendeesOf(
    [
      round([0, 1, 2], [0, 1, 2], [10, 40, 15], 41),
      round([0, 1, 2], [0, 1], [12, 20], 500),
      { participants: Uint32Array.of(2), answering: Uint32Array.of(2) },
    ],
    7,
    ['ana', 'ben', 'cem', 'dora'],
  )
  expect({ rounds, waitedMs }).toEqual({ rounds: 3, waitedMs: 541 })
  expect(clients).toEqual([
    {
      client: 0,
      name: 'ana',
      called: 2,
      answered: 2,
      lastAnswered: 8,
      medianMs: 11,
      lastMs: 12,
      waitedMs: 0,
    },
    {
      client: 1,
      name: 'ben',
      called: 2,
      answered: 2,
      lastAnswered: 8,
      medianMs: 30,
      lastMs: 20,
      waitedMs: 25,
    },
    {
      client: 2,
      name: 'cem',
      called: 3,
      answered: 2,
      lastAnswered: 9,
      medianMs: 15,
      lastMs: 15,
      waitedMs: 480,
    },
    {
      client: 3,
      name: 'dora',
      called: 0,
      answered: 0,
      lastAnswered: undefined,
      medianMs: undefined,
      lastMs: undefined,
      waitedMs: 0,
    },
  ])
})
