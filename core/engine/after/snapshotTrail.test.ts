/** A trail is never larger than it may be, and any round is near one of its states. */
import { property, assert, integer } from 'fast-check'
import { expect, test } from 'vitest'
import { SnapshotTrail } from './snapshotTrail.ts'

const stateAt = (rounds: number) => ({ rounds, values: {} }) as never

test('a replay leaves at most 64 states, of which one is close before any round', () => {
  assert(
    property(integer({ min: 1, max: 5000 }), integer({ min: 0, max: 4999 }), (rounds, asked) => {
      const trail = new SnapshotTrail(rounds, 120)
      let kept = 0
      for (let at = 0; at < rounds; at = trail.next(at, rounds)) {
        if (trail.lacks(at)) kept++
        trail.keep(stateAt(at))
        expect(trail.lacks(at)).toBe(false)
      }
      expect(kept).toBeLessThanOrEqual(64)
      const round = asked % rounds
      const near = trail.before(round)!
      expect(near.rounds).toBeLessThanOrEqual(round)
      expect(round - near.rounds).toBeLessThan(Math.ceil(rounds / 64))
      expect(trail.before(round, round)).toBeUndefined()
    }),
  )
})

test('of a state that is larger than the room none is kept', () => {
  const trail = new SnapshotTrail(100, 2 ** 30)
  expect(trail.next(0, 70)).toBe(70)
  trail.keep(stateAt(70))
  expect(trail.before(80)).toBeUndefined()
})
