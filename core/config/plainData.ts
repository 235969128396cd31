/**
 * What a config file may hold before the schema sees it: maps, lists, texts, numbers, truth values.
 * Keys that mean something to JavaScript itself are refused, since writing to them would change
 * every object of the program.
 */

/** Configs are three or four levels deep. */
const DEEPEST = 32
/** An alias stands for all that it names: a few short lines can stand for billions of values. */
const MOST_VALUES = 100_000

const reserved: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor'])

/** Whether a key belongs to JavaScript's own objects. */
export const isReservedKey = (key: string): boolean => reserved.has(key)

/**
 * A copy of plain data with its aliases written out.
 * @param refuse makes the error from what is wrong
 * @throws what `refuse` returns
 */
export function plainData(value: unknown, refuse: (what: string) => Error): unknown {
  let values = 0
  const copy = (part: unknown, depth: number): unknown => {
    if (++values > MOST_VALUES) throw refuse(`it holds more than ${MOST_VALUES} values`)
    if (typeof part !== 'object' || part === null) return part
    if (depth === DEEPEST) throw refuse(`it is nested more than ${DEEPEST} levels deep`)
    if (Array.isArray(part)) return part.map((inner) => copy(inner, depth + 1))
    if (Object.getPrototypeOf(part) !== Object.prototype)
      throw refuse('it holds a value of a kind that configs have no use for (!!set, !!binary…)')
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => {
        if (isReservedKey(key)) throw refuse(`${key} is not a known key`)
        return [key, copy(inner, depth + 1)]
      }),
    )
  }
  return copy(value, 0)
}
