import { expect, it } from 'vitest'
import { browserAge } from './browserAge.ts'

const on = (day: string) => new Date(`${day}T00:00:00Z`)

it.each([
  ['114.0.5735.134', '2026-11-30', 'from about 2023, 3 years old, no longer mended'],
  // Released in September 2025.
  ['140.0.7339.41', '2025-11-30', 'from about 2025, 3 months old'],
  // Released in November 2024.
  ['131.0.6778.69', '2025-12-01', 'from about 2024, 12 months old, no longer mended'],
  ['114.0.5735.134', '2020-01-01', 'from about 2023, 0 months old'],
])('Chrome %s on %s is %s', (chrome, day, words) => {
  expect(browserAge(chrome, on(day))).toBe(words)
})

it('what is no version has no age', () => {
  expect(browserAge('', on('2026-01-01'))).toBeUndefined()
})
