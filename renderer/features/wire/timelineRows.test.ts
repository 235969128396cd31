import { expect, it } from 'vitest'
import type { RoundTimeline, TimelineRow } from '../../../core/engine/index.ts'
import { phasesOf, rowsShown, shownSeconds } from './timelineRows.ts'

const row = (client: number, own: Partial<TimelineRow> = {}): TimelineRow => ({
  ...{ client, fate: 'answered', missedRounds: 0 },
  ...{ sentAt: 0, receivedAt: 1, computedAt: 3, answeredAt: 4 },
  ...own,
})
const timeline = (rows: readonly TimelineRow[], closedAt = 4): RoundTimeline => ({
  ...{ round: 0, network: 'LTE', startsAt: 0, closedAt, deadline: undefined, rows },
})

it('shows the phases of a participant one behind the other, and none that takes no time', () => {
  expect(phasesOf(row(0)).map(({ name }) => name)).toEqual(['down', 'computing', 'up'])
  const waits = row(0, { sentAt: 0.5 })
  expect(phasesOf(waits)[0]).toEqual({ name: 'waiting', from: 0, to: 0.5 })
  const silent = row(0, { fate: 'silent', answeredAt: undefined })
  expect(phasesOf(silent).at(-1)!.name).toBe('computing')
  const off = row(0, { fate: 'off', sentAt: 50_000 })
  expect(phasesOf(off)).toEqual([{ name: 'waiting', from: 0, to: 50_000 }])
})

it('reaches to the last answer, and not much behind the end of the round', () => {
  expect(shownSeconds(timeline([row(0)]))).toBe(4)
  expect(shownSeconds(timeline([row(0), row(1, { fate: 'late', answeredAt: 5 })]))).toBe(5)
  expect(shownSeconds(timeline([row(0), row(1, { fate: 'late', answeredAt: 500 })]))).toBe(6)
})

it('shows of very many those that the round waited for', () => {
  const many = Array.from({ length: 1000 }, (_, client) => row(client, { answeredAt: 4 + client }))
  const shown = rowsShown(timeline(many, 1004))
  expect(shown).toHaveLength(100)
  expect(shown[0]!.client).toBe(900)
})
