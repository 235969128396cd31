/** Numbers as people read them. */
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFactor,
  formatLoss,
  formatPlural,
  formatRate,
  formatShare,
} from './units.ts'

describe('units', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1234, '1.23 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_999, '1.00 MB'],
    [34_500_000, '34.5 MB'],
    [8e15, '8.00 PB'],
    [8e18, '8000 PB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0, '0 ms'],
    [0.1234, '0.12 ms'],
    [994, '994 ms'],
    [996, '1.0 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h'],
    [3_780_000, '1 h 3 min'],
    [3 * 86_400_000, '3 days'],
    [21 * 86_400_000, '3 weeks'],
    [8000 * 86_400_000, '1,143 weeks'],
  ])('%d milliseconds are %s', (milliseconds, text) =>
    expect(formatDuration(milliseconds)).toBe(text),
  )

  it.each([
    [2.302585, '2.303'],
    [0.0123456, '0.01235'],
    [1.234e-7, '1.234e-7'],
    [0, '0.000'],
    [12_345.6, '12346'],
    [1.5e9, '1.500e9'],
    [Infinity, 'Infinity'],
  ])('a loss of %d is %s', (loss, text) => expect(formatLoss(loss)).toBe(text))

  it.each([
    [0.25, '4.0 s/round'],
    [2.54, '2.5 rounds/s'],
    [31.4, '31 rounds/s'],
    [1234.5, '1,235 rounds/s'],
  ])('%d rounds per second are %s', (rate, text) => expect(formatRate(rate)).toBe(text))

  it('counts, shares, factors and plurals read as in a book', () => {
    expect(formatCount(28938)).toBe('28,938')
    expect(formatShare(0.5234)).toBe('52.3%')
    expect([1.519, 15.19, 1519].map(formatFactor)).toEqual(['1.52×', '15.2×', '1,519×'])
    expect([0.51, 0.00287].map(formatFactor)).toEqual(['0.51×', '1/348×'])
    expect([formatPlural(1, 'round'), formatPlural(1200, 'round')]).toEqual([
      '1 round',
      '1,200 rounds',
    ])
  })
})
