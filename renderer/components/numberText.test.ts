/** Numbers as typed and as stepped. */
import { describe, expect, it } from 'vitest'
import { parseNumber, stepNumber, writeNumber } from './numberText.ts'

describe('a typed number', () => {
  it.each([
    ['0.001', 0.001],
    ['1e-8', 1e-8],
    [' 5,000 ', 5000],
    ['1_000_000', 1_000_000],
    ['-3', -3],
    ['12,5', '12,5'],
    ['abc', 'abc'],
    ['', ''],
  ])('%j is %j', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  it('may be a word where words are values', () => {
    expect(parseNumber('auto', ['auto'])).toBe('auto')
  })

  it.each([0, 1, 365, 10_000, 4_294_967_295, 1e-8, 0.1, 1.5e300])(
    '%d reads back as it was written',
    (value) => {
      expect(parseNumber(writeNumber(value))).toBe(value)
    },
  )
})

describe('a step', () => {
  const options = { up: true, large: false, integer: false }
  it('goes along 1, 2, 5', () => {
    expect(stepNumber(0.001, options)).toBe(0.002)
    expect(stepNumber(0.002, options)).toBe(0.005)
    expect(stepNumber(0.005, options)).toBe(0.01)
    expect(stepNumber(0.01, { ...options, up: false })).toBe(0.005)
    expect(stepNumber(0.3, options)).toBe(0.5)
    expect(stepNumber(0.3, { ...options, up: false })).toBe(0.2)
  })

  it('counts by one, with Shift by ten, within the range', () => {
    const count = { ...options, integer: true, min: 1, max: 12 }
    expect(stepNumber(8, count)).toBe(9)
    expect(stepNumber(8, { ...count, large: true })).toBe(12)
    expect(stepNumber(1, { ...count, up: false })).toBe(1)
  })
})
