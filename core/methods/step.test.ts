/**
 * The implicit step against a float64 oracle that inverts the matrix itself, and on real losses.
 */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { overrideConfig, parseRunConfig } from '../config/index.ts'
import { quadraticSpectrum } from '../model/index.ts'
import { createFederation, createReplica, quadraticConfig } from '../testing/federation.ts'
import type { Replica } from '../federation/index.ts'
import { centralDifference, forwardDifference, secondDifference } from './estimator.ts'
import { explicitStep, implicitStep } from './step.ts'
import { sampleSlopes } from './subspaceCurvature.ts'

/** (I + rate · (1/B) Σ r rᵀ)⁻¹ g, by Gauss and Jordan with pivots, from the definition. */
function oracle(gradient: number[], slopes: number[][], rate: number): number[] {
  const rows = gradient.map((g, p) => [
    ...gradient.map((_, q) => {
      const s = slopes.reduce((sum, r) => sum + r[p]! * r[q]!, 0) / slopes.length
      return (p === q ? 1 : 0) + rate * s
    }),
    g,
  ])
  rows.forEach((_, column) => {
    const best = rows.reduce(
      (at, row, i) =>
        i >= column && Math.abs(row[column]!) > Math.abs(rows[at]![column]!) ? i : at,
      column,
    )
    ;[rows[column], rows[best]] = [rows[best]!, rows[column]!]
    const pivot = rows[column]
    rows.forEach((row, i) => {
      if (i === column) return
      const factor = row[column]! / pivot[column]!
      row.forEach((value, j) => (row[j] = value - factor * pivot[j]!))
    })
  })
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

// Without −0, which the solution of a linear system does not keep.
const float = fc.double({ min: -3, max: 3, noNaN: true }).map((value) => Math.fround(value) + 0)
const system = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([size, samples]) =>
    fc.record({
      gradient: fc.array(float, { minLength: size, maxLength: size }),
      slopes: fc.array(fc.array(float, { minLength: size, maxLength: size }), {
        minLength: samples,
        maxLength: samples,
      }),
      rate: fc.double({ min: 0, max: 10, noNaN: true }),
    }),
  )

const asCurvature = (slopes: number[][]) => ({
  slopes: slopes.map((r) => Float32Array.from(r)),
})
const asMatrix = (slopes: number[][], size: number) => ({
  matrix: Float64Array.from({ length: size * size }, (_, at) => {
    const [p, q] = [Math.floor(at / size), at % size]
    return slopes.reduce((sum, r) => sum + r[p]! * r[q]!, 0) / slopes.length
  }),
})

describe('the implicit step', () => {
  it('solves (I + rate S) g̃ = g, with fewer samples than directions or more', () => {
    fc.assert(
      fc.property(system, ({ gradient, slopes, rate }) => {
        const g = Float32Array.from(gradient)
        const expected = oracle(gradient, slopes, rate)
        const scale = 1 + Math.max(...gradient.map(Math.abs))
        for (const curvature of [asCurvature(slopes), asMatrix(slopes, g.length)])
          implicitStep
            .scalars(g, curvature, rate)
            .forEach((value, p) =>
              expect(Math.abs(value - expected[p]!)).toBeLessThan(1e-6 * scale),
            )
      }),
    )
  })

  it('is the explicit step, bit for bit, without curvature or at a rate of 0', () => {
    fc.assert(
      fc.property(system, ({ gradient, slopes, rate }) => {
        const g = Float32Array.from(gradient)
        const flat = slopes.map((r) => r.map(() => 0))
        const explicit = explicitStep.scalars(g, undefined, rate)
        for (const [curved, eta] of [
          [slopes, 0],
          [flat, rate],
        ] as const)
          for (const curvature of [asCurvature(curved), asMatrix(curved, g.length)])
            expect([...implicitStep.scalars(g, curvature, eta)]).toEqual([...explicit])
      }),
    )
  })

  it('never turns the direction around, however steep the loss is', () => {
    fc.assert(
      fc.property(system, fc.constantFrom(1, 1e3, 1e5), ({ gradient, slopes }, steep) => {
        const g = Float32Array.from(gradient)
        const curvature = asCurvature(slopes.map((r) => r.map((value) => steep * value)))
        const damped = implicitStep.scalars(g, curvature, 1)
        const inner = damped.reduce((sum, value, p) => sum + value * g[p]!, 0)
        const length = g.reduce((sum, value) => sum + value * value, 0)
        expect(inner).toBeGreaterThanOrEqual(-1e-3 * length)
        expect(inner).toBeLessThanOrEqual(length * (1 + 1e-6))
      }),
    )
  })
})

describe('slopes of samples', () => {
  const slope = [3, -2]
  const bend = 5
  /** ℓ_n(x + s z_p) = n + s (p + 1) slope_n + ½ s² bend */
  const lossAt = (n: number, p: number, s: number) =>
    n + s * (p + 1) * slope[n]! + (bend * s * s) / 2
  const each = (s: number) => [0, 1, 2].map((p) => slope.map((_, n) => lossAt(n, p, s)))
  const mu = 0.25

  it.each([
    ['forward', forwardDifference, [[0, 1], ...each(mu)], (bend * mu) / 2],
    ['central', centralDifference, [...each(mu), ...each(-mu)], 0],
    ['second', secondDifference, [[0, 1], ...each(mu), ...each(-mu)], 0],
  ] as const)('are the %s differences of each sample', (_, estimator, losses, bias) => {
    const slopes = sampleSlopes(estimator, losses, 3, mu)
    expect(slopes.map((r) => [...r])).toEqual(
      slope.map((own) => [1, 2, 3].map((factor) => factor * own + bias)),
    )
  })
})

describe('on the quadratic', () => {
  const implicit = (...overrides: readonly string[]) =>
    quadraticConfig('method.name=decomfl-implicit', ...overrides)

  test.each(['decomfl-implicit', 'hiso-implicit'])(
    'S of %s is ZᵀΣZ, as the mixed second differences of the loss are',
    (name) => {
      const config = quadraticConfig(`method.name=${name}`, 'federation.localSteps=2')
      const replica = createReplica(config) as Replica
      replica.hessian.forEach((_, i) => (replica.hessian[i] = 0.5 + (i % 7)))
      replica.startRound(123)
      const dim = replica.params.length
      const lambda = quadraticSpectrum({ kind: 'power-law', largest: 1, exponent: 1 }, dim)
      for (const localStep of [0, 1]) {
        const curvature = replica.directions.curvature(localStep, lambda)
        const z = [0, 1, 2, 3].map((p) => {
          const out = new Float32Array(dim)
          replica.directions.write(out, localStep, p)
          return Float64Array.from(out)
        })
        const f = (...along: number[]) =>
          lambda.reduce((sum, l, i) => {
            const x = 1 + along.reduce((at, p) => at + z[p]![i]!, 0)
            return sum + (l * x * x) / 2
          }, 0)
        for (let p = 0; p < 4; p++)
          for (let q = 0; q < 4; q++)
            expect(curvature[4 * p + q]!).toBeCloseTo(f(p, q) - f(p) - f(q) + f(), 9)
      }
    },
  )

  test('without curvature it is DeComFL, bit for bit', async () => {
    const flat = 'task.spectrum={ kind: flat, largest: 1.0e-30 }'
    const hashes = await Promise.all(
      ['decomfl', 'decomfl-implicit'].map(async (name) => {
        const federation = createFederation(quadraticConfig(`method.name=${name}`, flat))
        await federation.play()
        return federation.stateHash()
      }),
    )
    expect(hashes[1]).toBe(hashes[0])
  })

  test.each([0.1, 10, 1e6])('no step overshoots at a rate of %d', async (rate) => {
    const federation = createFederation(
      implicit(
        'task.gradientNoise=0',
        'task.heterogeneity=0',
        'method.estimator=central',
        'method.mu=1',
        `method.learningRate=${rate}`,
      ),
    )
    const losses = (await federation.play()).map(({ trainLoss }) => trainLoss!)
    losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i]!))
  })

  test('a larger rate than explicit steps bear leads further', async () => {
    const play = async (name: string) => {
      const config = quadraticConfig(
        ...[`method.name=${name}`, 'method.learningRate=0.3', 'federation.rounds=40'],
      )
      return (await createFederation(config).play()).at(-1)!.trainLoss!
    }
    expect(await play('decomfl-implicit')).toBeLessThan(await play('decomfl'))
  })
})

describe('what an implicit step does not go with', () => {
  test.each([
    ['decomfl-implicit', 'method.orthogonal=true', 'method.orthogonal'],
    ['hiso-implicit', 'method.precision=sign', 'method.precision'],
    ['decomfl', 'method.aggregatePrecision=sign', 'method.aggregatePrecision'],
    ['feedsign', 'method.mu=0.1', 'method.step'],
  ])('%s with %s is refused at %s', (name, bad, path) => {
    const input = overrideConfig(quadraticConfig(), [
      `method.name=${name}`,
      'method.step=implicit',
      bad,
    ])
    expect(() => parseRunConfig(input)).toThrow(path)
  })

  test('its remedy holds: without it the config is taken', () => {
    const good = ['method.name=decomfl-implicit', 'method.orthogonal=false']
    expect(() => parseRunConfig(overrideConfig(quadraticConfig(), good))).not.toThrow()
  })
})
