/** What is said of the weights of a file. */
import type { WeightSummary } from './weights.ts'

const shownNames = 6

/** What a run does with the weights of a file that is not plain, for people. */
export function weightNotes(weights: readonly WeightSummary[]): string[] {
  const reasons = new Map<string, string[]>()
  for (const { name, training, reason } of weights) {
    if (training === 'trained' || reason === undefined) continue
    const names = reasons.get(reason)
    if (names === undefined) reasons.set(reason, [name])
    else names.push(name)
  }
  const list = (names: readonly string[]) =>
    names.length <= shownNames
      ? names.join(', ')
      : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`
  const widened = weights.filter(
    ({ training, type }) => training === 'trained' && type !== 'float32',
  )
  const types = [...new Set(widened.map(({ type }) => type))]
  return [
    ...types.map((type) => {
      const names = widened.filter((it) => it.type === type).map(({ name }) => name)
      return `Stored in ${type} and trained in float32: ${list(names)}`
    }),
    ...Array.from(reasons, ([reason, names]) => `Not trained: ${list(names)} (${reason})`),
  ]
}
