import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeMarkers } from './markers.ts'

const plot = { left: 56, top: 8, width: 400, height: 150 }
const place = (at: readonly (readonly [number, string])[]) =>
  placeMarkers(
    at.map(([x, text]) => ({ x, text })),
    plot,
    (x) => plot.left + x,
  )

describe('placeMarkers', () => {
  it('never writes a text over another, nor beyond the plot', () => {
    const texts = fc.constantFrom('η = 0.1', 'ν = 0.05', 'η = 0.00123, ν = 0.5')
    const many = fc.array(fc.tuple(fc.integer({ min: 0, max: plot.width }), texts))
    fc.assert(
      fc.property(many, (given) => {
        const labels = place([...given].sort(([a], [b]) => a - b)).flatMap(
          ({ label }) => label ?? [],
        )
        for (const [at, one] of labels.entries()) {
          expect(one.right).toBeLessThanOrEqual(plot.left + plot.width)
          for (const other of labels.slice(at + 1))
            expect(
              one.row !== other.row || one.right <= other.left || other.right <= one.left,
            ).toBe(true)
        }
      }),
    )
  })

  it('writes as many of a crowd as there is room for, and draws every line', () => {
    const placed = place(Array.from({ length: 20 }, () => [200, 'η = 0.1'] as const))
    expect(placed.map(({ label }) => label?.row).slice(0, 6)).toEqual([0, 1, 2, 3, 4, undefined])
    expect(placed).toHaveLength(20)
  })
})
