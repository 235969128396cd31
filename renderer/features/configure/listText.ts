/** Lists in one line of text: widths of layers, names of tensors. */

import { parseNumber, splitList } from '../../components/numberText.ts'

/** '64, 32' as [64, 32]; what is no number stays text, so that the check can say so. */
export function parseList(text: string, items: 'count' | 'text'): unknown[] {
  if (items === 'text') return splitList(text, '.')
  return splitList(text).map((part) =>
    // The end of 1,000: no width of a layer begins with a nought.
    /^0\d/.test(part) ? part : parseNumber(part, { integer: true }),
  )
}

export function writeList(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : ''
}
