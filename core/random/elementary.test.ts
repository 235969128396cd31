/** The elementary functions against the platform's, and against correctly rounded values. */
import { describe, expect, it } from 'vitest'
import { RandomStream, cos, exp, log, sin } from './index.ts'

/** The distance between neighbouring float64 at x. */
function ulp(x: number): number {
  const cell = new DataView(new ArrayBuffer(8))
  cell.setFloat64(0, Math.abs(x))
  return 2 ** (Math.max(cell.getUint32(0) >>> 20, 1) - 1075)
}

/** The largest error in ulp over 200,000 arguments. */
function worst(
  ours: (x: number) => number,
  theirs: (x: number) => number,
  argument: (uniform: number, i: number) => number,
): number {
  const stream = new RandomStream(11, 'objective')
  let largest = 0
  for (let i = 0; i < 200_000; i++) {
    const x = argument(stream.uniform() * 2 - 1, i)
    const reference = theirs(x)
    largest = Math.max(largest, Math.abs(ours(x) - reference) / ulp(reference))
  }
  return largest
}

describe('elementary functions lie within 2 ulp of Math', () => {
  it.each([
    ['log over all magnitudes', log, Math.log, (u: number) => Math.exp(709 * u)],
    ['log of subnormals', log, Math.log, (u: number) => 2 ** -1040 * (1.001 + u)],
    ['log near 1', log, Math.log, (u: number) => 1 + 0.3 * u],
    ['exp over its whole range', exp, Math.exp, (u: number) => 709.7 * u],
    ['exp near 0', exp, Math.exp, (u: number) => u],
    ['exp of subnormal results', exp, Math.exp, (u: number) => -727 + 18 * u],
    ['sin up to 2^20', sin, Math.sin, (u: number) => 2 ** 20 * u],
    ['sin over two turns', sin, Math.sin, (u: number) => 12 * u],
    ['cos up to 2^20', cos, Math.cos, (u: number) => 2 ** 20 * u],
    ['cos over two turns', cos, Math.cos, (u: number) => 12 * u],
    [
      'sin next to multiples of π',
      sin,
      Math.sin,
      (u: number, i: number) => (i % 99) * Math.PI + 1e-9 * u,
    ],
  ] as const)('%s', (_, ours, theirs, argument) => {
    expect(worst(ours, theirs, argument)).toBeLessThanOrEqual(2)
  })
})

describe('elementary functions', () => {
  // Made with mpmath 1.3 at 60 digits, rounded to the nearest float64.
  it.each([
    [log, 10, 2.302585092994046],
    [log, 1e-300, -690.7755278982137],
    [log, 1.0000001, 9.999999505838704e-8],
    [exp, 1, 2.718281828459045],
    [exp, -20.5, 1.2501528663867426e-9],
    [sin, 3, 0.1411200080598672],
    [sin, 22, -0.008851309290403876],
    [cos, 22, -0.9999608263946371],
    [cos, 1000000, 0.9367521275331447],
  ] as const)('%o of %f is %f to 1 ulp', (compute, x, exact) => {
    expect(Math.abs(compute(x) - exact)).toBeLessThanOrEqual(ulp(exact))
  })

  it('keep their limits', () => {
    expect([log(1), log(0), log(Infinity), log(-1), log(NaN)]).toEqual([
      0,
      -Infinity,
      Infinity,
      NaN,
      NaN,
    ])
    expect([exp(0), exp(710), exp(-746), exp(-Infinity), exp(NaN)]).toEqual([
      1,
      Infinity,
      0,
      0,
      NaN,
    ])
    expect([sin(0), cos(0), sin(-0), sin(Infinity), cos(NaN)]).toEqual([0, 1, -0, NaN, NaN])
    expect(() => cos(2 ** 21)).toThrow(RangeError)
  })
})
