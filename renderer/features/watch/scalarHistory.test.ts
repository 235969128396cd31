import { describe, expect, it } from 'vitest'
import type { ScalarSpread } from '../../../core/engine/index.ts'
import { joinParticipation, joinScalars } from './scalarHistory.ts'

function spread(rounds: readonly number[]): ScalarSpread {
  return {
    round: Uint32Array.from(rounds),
    localStep: new Uint32Array(rounds.length),
    perturbation: new Uint32Array(rounds.length),
    aggregate: Float32Array.from(rounds),
    min: Float32Array.from(rounds),
    max: Float32Array.from(rounds),
    clients: new Uint32Array(rounds.length),
  }
}

describe('joinScalars', () => {
  it('joins pieces without doubling rounds, and forgets the oldest', () => {
    const joined = joinScalars(spread([0, 0, 1, 1, 2, 2]), spread([2, 2, 3, 3]), 1)
    expect([...joined.round]).toEqual([1, 1, 2, 2, 3, 3])
    expect(joined.aggregate).toBeInstanceOf(Float32Array)
  })
})

describe('joinParticipation', () => {
  it('joins pieces where the later one starts', () => {
    const rounds = [0, 1, 2].map((client) => Uint32Array.of(client))
    const first = joinParticipation(undefined, { participants: rounds, answering: rounds }, 0, 0)
    const later = [Uint32Array.of(9)]
    const joined = joinParticipation(first, { participants: later, answering: later }, 2, 1)
    expect(joined.from).toBe(1)
    expect(joined.participants.map(([client]) => client)).toEqual([1, 9])
  })
})
