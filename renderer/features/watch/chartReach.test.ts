import { expect, test } from 'vitest'
import { ChartReach } from './chartReach.ts'

const reaches = (reach: ChartReach, newest: number, now: number, isRunning = true) =>
  Object.fromEntries(reach.behind(newest, now, isRunning))

test('a chart that follows within a moment says nothing', () => {
  const reach = new ChartReach()
  for (let second = 0; second < 10; second++) {
    reach.drew('loss', second * 100, second * 1000)
    expect(reaches(reach, second * 100 + 50, second * 1000 + 500)).toEqual({})
  }
})

test('a chart that stays behind says its round, also in the moment after it was drawn', () => {
  const reach = new ChartReach()
  reach.drew('scalars', 60, 0)
  expect(reaches(reach, 67, 1000)).toEqual({})
  expect(reaches(reach, 109, 3000)).toEqual({ scalars: 60 })
  reach.drew('scalars', 109, 3100)
  expect(reaches(reach, 109, 3200)).toEqual({ scalars: 109 })
})

test('a chart that has caught up for good says nothing again', () => {
  const reach = new ChartReach()
  reach.drew('scalars', 60, 0)
  reaches(reach, 61, 1000)
  reaches(reach, 90, 3000)
  for (const second of [4, 5]) {
    reach.drew('scalars', second * 30, second * 1000)
    reaches(reach, second * 30 + 5, second * 1000 + 500)
  }
  expect(reaches(reach, 155, 5600)).toEqual({})
})

test('a round that takes long makes no chart late', () => {
  const reach = new ChartReach()
  reach.drew('loss', 14, 0)
  expect(reaches(reach, 14, 60_000)).toEqual({})
})

test('once the run rests, only what really stays behind is said', () => {
  const reach = new ChartReach()
  reach.drew('scalars', 60, 0)
  reaches(reach, 61, 1000)
  reach.drew('scalars', 109, 3000)
  expect(reaches(reach, 109, 3100)).toEqual({ scalars: 109 })
  expect(reaches(reach, 109, 3100, false)).toEqual({})
  expect(reaches(reach, 120, 3200, false)).toEqual({})
  expect(reaches(reach, 120, 5000, false)).toEqual({ scalars: 109 })
})
