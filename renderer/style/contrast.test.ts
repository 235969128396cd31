/**
 * Text meets WCAG AA on every surface that it stands on, in both themes; marks and focus rings meet
 * 3 : 1.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const themes = {
  light: tokensOf(css.slice(css.indexOf(':root {'), css.indexOf("[data-theme='dark']"))),
  dark: tokensOf(css.slice(css.indexOf("[data-theme='dark']"), css.indexOf('@media'))),
}

function tokensOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1]!, match[2]!]),
  )
}
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

const surfaces = ['canvas', 'surface', 'raised', 'sunken']
const pairs: [string, string][] = [
  ...['text', 'muted', 'faint', 'accent-text', 'good', 'warn', 'bad'].flatMap((ink) =>
    surfaces.map((surface): [string, string] => [ink, surface]),
  ),
  ...['text', 'muted'].flatMap((ink): [string, string][] => [
    [ink, 'hover'],
    [ink, 'pressed'],
  ]),
  ['faint', 'hover'],
  ['faint', 'accent-soft'],
  ['accent-text', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-accent', 'bad-solid'],
  ['good', 'good-soft'],
  ['warn', 'warn-soft'],
  ['bad', 'bad-soft'],
]
const marks = [
  ...Array.from({ length: 8 }, (_, index) => `chart-${index + 1}`),
  'uplink',
  'downlink',
  'catch-up',
  'dimensional',
  'focus',
]

describe.each(Object.entries(themes))('%s', (_, tokens) => {
  it.each(pairs)('%s reads on %s', (ink, surface) => {
    expect(contrast(tokens[ink]!, tokens[surface]!)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(marks)('%s is seen on a panel', (mark) => {
    expect(contrast(tokens[mark]!, tokens['surface']!)).toBeGreaterThanOrEqual(3)
  })
})
