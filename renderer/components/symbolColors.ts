/**
 * The colours of symbols in formulas, and of what they stand for in pictures: one for each thing.
 */
export const symbolColors: Readonly<Record<string, string>> = {
  x: 'chart-1',
  u: 'chart-8',
  z: 'chart-3',
  H: 'chart-4',
  g: 'chart-2',
  Δ: 'chart-6',
  μ: 'chart-5',
  η: 'chart-7',
}
