/** Which colour a method, a run or a group has, as a token of the theme. */
import { factsOfMethod, type MethodName } from '../../core/config/index.ts'
import type { ColorToken } from './chartModel.ts'

export const series: readonly ColorToken[] = [
  'chart-1',
  'chart-2',
  'chart-3',
  'chart-4',
  'chart-5',
  'chart-6',
  'chart-7',
  'chart-8',
]

/** A method has the same colour wherever it is drawn. */
function methodColor(method: MethodName): ColorToken {
  const palette = factsOfMethod(method)?.palette
  return palette === undefined ? 'chart-8' : `chart-${palette}`
}

/** The colour of the n-th of several runs or groups. */
export function seriesColor(index: number): ColorToken {
  return series[index % series.length]!
}

/**
 * Colours for runs or groups side by side: each takes its method's while that is free, so that HiSo
 * stays HiSo's colour, and the next free one otherwise.
 */
export function distinctColors(methods: readonly (MethodName | undefined)[]): ColorToken[] {
  const taken = new Set<ColorToken>()
  const own = methods.map((method) => {
    const color = method && methodColor(method)
    if (color === undefined || taken.has(color)) return undefined
    taken.add(color)
    return color
  })
  const free = series.filter((color) => !taken.has(color))
  let next = 0
  return own.map((color) => {
    if (color !== undefined) return color
    const index = next++
    return free[index] ?? seriesColor(index)
  })
}
