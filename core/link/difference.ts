/** What turns one config into another, as plain data; `null` takes a key out. */

type Group = { readonly [key: string]: unknown }

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns undefined where there is nothing to change */
export function difference(from: unknown, to: unknown): unknown {
  if (isSame(from, to)) return undefined
  if (!isGroup(from) || !isGroup(to)) return to
  const changes: Record<string, unknown> = {}
  for (const key of Object.keys(from)) if (to[key] === undefined) changes[key] = null
  for (const [key, value] of Object.entries(to)) {
    const change = difference(Object.hasOwn(from, key) ? from[key] : undefined, value)
    if (change !== undefined) changes[key] = change
  }
  return changes
}

export function change(from: unknown, by: unknown): unknown {
  if (by === undefined) return from
  if (!isGroup(by)) return by
  const result: Record<string, unknown> = isGroup(from) ? { ...from } : {}
  for (const [key, value] of Object.entries(by))
    if (value === null) delete result[key]
    else
      Object.defineProperty(result, key, {
        value: change(Object.hasOwn(result, key) ? result[key] : undefined, value),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  return result
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isGroup(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
