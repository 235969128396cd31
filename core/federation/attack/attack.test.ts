import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RandomStream } from '../../random/index.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { krum } from '../aggregation/index.ts'
import {
  attackersOf,
  colluding,
  createAttack,
  gaussian,
  krumAttack,
  signFlip,
  trim,
  type AttackScene,
} from './index.ts'

function sceneOf(rows: readonly (readonly number[])[], attackers: readonly number[]): AttackScene {
  return {
    rows: rows.map((row) => Float32Array.from(row)),
    attackers,
    streamOf: (row) => new RandomStream(1, 'attack', 0, row),
  }
}

const scene = fc
  .record({ rows: fc.integer({ min: 1, max: 8 }), dim: fc.integer({ min: 1, max: 6 }) })
  .chain(({ rows, dim }) =>
    fc.record({
      rows: fc.array(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: dim, maxLength: dim }),
        { minLength: rows, maxLength: rows },
      ),
      attackers: fc.subarray([...Array(rows).keys()], { minLength: 1 }),
    }),
  )
  .map(({ rows, attackers }) => sceneOf(rows, attackers))

const attacks = {
  gaussian: { kind: 'gaussian', share: 0.2, scale: 10 },
  signFlip: { kind: 'signFlip', share: 0.2, scale: 1 },
  trim: { kind: 'trim', share: 0.2, scale: 2 },
  krum: { kind: 'krum', share: 0.2 },
  colluding: { kind: 'colluding', share: 0.2, scale: 1.5 },
} as const

describe.each(Object.values(attacks))('the attack $kind', (settings) => {
  test('gives every attacker one finite row, the same each time, and leaves the honest ones alone', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const before = given.rows.map((row) => row.slice())
        const forged = createAttack(settings).forge(given)
        expect(forged).toHaveLength(given.attackers.length)
        for (const row of forged) {
          expect(row).toHaveLength(before[0]!.length)
          expect(row.every(Number.isFinite)).toBe(true)
        }
        expect(given.rows).toEqual(before)
        expect(createAttack(settings).forge(given)).toEqual(forged)
      }),
    )
  })
})

describe('what attackers send', () => {
  test('a flipped sign: their own row times −scale', () => {
    const [forged] = signFlip(2).forge(
      sceneOf(
        [
          [1, -3],
          [5, 5],
        ],
        [0],
      ),
    )
    expect([...forged!]).toEqual([-2, 6])
  })

  test('noise as large as scale says, whatever the honest send', () => {
    const honest = Array.from({ length: 4000 }, (_, index) => (index % 2 === 0 ? 3 : -3))
    const [forged] = gaussian(10).forge(sceneOf([honest, honest], [0]))
    const power = forged!.reduce((sum, value) => sum + value * value, 0) / 4000
    // Five standard deviations of the mean of 4000 squared normals.
    expect(Math.abs(power / 900 - 1)).toBeLessThan(5 * Math.sqrt(2 / 4000))
  })

  test('trim: beyond the extreme honest value against the mean, at most scale times further', () => {
    const rows = [
      [1, -4, -1],
      [2, -2, 5],
      [3, -1, 6],
      [9, -9, 9],
    ]
    for (const row of trim(2).forge(sceneOf(rows, [3]))) {
      expect(row[0]).toBeGreaterThanOrEqual(0.5)
      expect(row[0]).toBeLessThanOrEqual(1)
      expect(row[1]).toBeGreaterThanOrEqual(-1)
      expect(row[1]).toBeLessThanOrEqual(-0.5)
      expect(row[2]).toBeGreaterThanOrEqual(-2)
      expect(row[2]).toBeLessThanOrEqual(-1)
    }
  })

  test('Krum is made to choose a row against the honest mean', () => {
    const stream = new RandomStream(7, 'objective')
    const rows = Array.from({ length: 10 }, () =>
      Array.from({ length: 20 }, () => 0.1 + stream.normal()),
    )
    const given = sceneOf(rows, [0, 1])
    const forged = krumAttack.forge(given)
    const sent = given.rows.map((row, index) => forged[index] ?? row)
    const chosen = krum(2, 1).aggregate(sent)
    expect(chosen).toEqual(forged[0])
    const mean = (index: number) => rows.slice(2).reduce((sum, row) => sum + row[index]!, 0) / 8
    const agreement = chosen.reduce((sum, value, index) => sum + value * mean(index), 0)
    expect(agreement).toBeLessThan(0)
  })

  test('colluders: one row, scale standard deviations from the mean, against its sign', () => {
    const forged = colluding(2).forge(
      sceneOf(
        [
          [1, -1],
          [3, -3],
          [50, 50],
          [60, 0],
        ],
        [2, 3],
      ),
    )
    expect(forged.map((row) => [...row])).toEqual([
      [0, 0],
      [0, 0],
    ])
  })
})

describe('attackers', () => {
  test('are the share of all clients that the config says, others with another seed', () => {
    const { federation } = quadraticConfig(
      'federation.clients=50',
      'federation.attack={ kind: signFlip, share: 0.2 }',
    )
    const attackers = attackersOf(federation, 1)
    expect(attackers).toHaveLength(10)
    expect(new Set(attackers).size).toBe(10)
    expect(attackersOf(federation, 1)).toEqual(attackers)
    expect(attackersOf(federation, 2)).not.toEqual(attackers)
  })

  test('are nobody without an attack', () => {
    expect(attackersOf(quadraticConfig().federation, 1)).toHaveLength(0)
  })
})
