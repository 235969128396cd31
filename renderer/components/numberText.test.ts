/** Numbers as typed and as stepped. */
import { describe, expect, it } from 'vitest'
import { decimalMarkOf, parseNumber, splitList, stepNumber, writeNumber } from './numberText.ts'

describe('a typed number', () => {
  it.each([
    ['0.001', 0.001],
    ['1e-8', 1e-8],
    ['1.250', 1.25],
    [' 5,000,000 ', 5_000_000],
    ['1_000_000', 1_000_000],
    ['1 000', 1000],
    ['1,234.5', 1234.5],
    ['-3', -3],
    ['\u22123', -3],
    ['\u22121e\u22123', -0.001],
    ['1\u202f000', 1000],
    // Digits that this program does not write are refused, not guessed.
    ['\u0661\u0662', '\u0661\u0662'],
    ['\uff11\uff12', '\uff11\uff12'],
    ['1\u066b5', '1\u066b5'],
    ['12,5', '12,5'],
    ['0,001', '0,001'],
    ['1,250', '1,250'],
    ['1.234,5', '1.234,5'],
    ['abc', 'abc'],
    ['', ''],
  ])('%j is %j where decimals stand behind a point', (text, value) => {
    expect(parseNumber(text, { mark: '.' })).toBe(value)
  })

  it.each([
    ['0,001', 0.001],
    ['0.001', 0.001],
    ['12,5', 12.5],
    ['1.234,5', 1234.5],
    ['1.234.567', 1_234_567],
    ['1 234,5', 1234.5],
    ['1.234', '1.234'],
    ['1,250', '1,250'],
    ['1,234.5', '1,234.5'],
  ])('%j is %j where decimals stand behind a comma', (text, value) => {
    expect(parseNumber(text, { mark: ',' })).toBe(value)
  })

  it('is a group of digits only where nothing else makes sense', () => {
    expect(parseNumber('5,000', { integer: true, mark: '.' })).toBe(5000)
    expect(parseNumber('5,000', { integer: true, mark: ',' })).toBe('5,000')
  })

  it('is never a thousand times what it looks like, in any language', () => {
    const looks = (text: string) => Number(text.replace(',', '.'))
    for (const mark of ['.', ','] as const)
      for (const text of ['0,001', '0.001', '1,250', '1.250', '12,125', '999.999']) {
        const value = parseNumber(text, { mark })
        expect([text, looks(text)]).toContain(value)
      }
  })

  it('follows the language', () => {
    expect(['en-US', 'de-DE', 'fr', 'pt-BR', 'ja', 'nonsense!'].map(decimalMarkOf)).toEqual([
      '.',
      ',',
      ',',
      ',',
      '.',
      '.',
    ])
  })

  it('may be a word where words are values', () => {
    expect(parseNumber('auto', { words: ['auto'] })).toBe('auto')
  })

  it.each([0, 1, 365, 10_000, 4_294_967_295, 1e-8, 0.1, 1.234, -12.125, 1.5e300])(
    '%d reads back as it was written',
    (value) => {
      for (const mark of ['.', ','] as const) {
        const integer = Number.isInteger(value)
        expect(parseNumber(writeNumber(value, mark), { integer, mark })).toBe(value)
      }
    },
  )
})

describe('a list', () => {
  it('has commas between its parts, but not inside a number where they stand before decimals', () => {
    expect(splitList('1,2, 3', '.')).toEqual(['1', '2', '3'])
    expect(splitList('0,1, 0,01; 2', ',')).toEqual(['0,1', '0,01', '2'])
    expect(splitList('{ a: 1, b: 2 }, 3', ',')).toEqual(['{ a: 1, b: 2 }', '3'])
  })
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
