/** Lists in one line of text: widths of layers, names of tensors. */

/** '64, 32' as [64, 32]; what is no number stays text, so that the check can say so. */
export function parseList(text: string, items: 'count' | 'text'): unknown[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (items === 'count' && Number.isFinite(Number(part)) ? Number(part) : part))
}

export function writeList(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : ''
}
