/** Reading and changing plain config data by dotted path; nothing is changed in place. */

export type PlainObject = { readonly [key: string]: unknown }

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function getAt(value: unknown, path: string): unknown {
  let part = value
  for (const key of keysOf(path)) part = ownAt(part, key)
  return part
}

const ownAt = (value: unknown, key: string): unknown =>
  isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined

/**
 * A copy with another value at the path; `undefined` takes the key out. What did not change is
 * shared.
 */
export function setAt(value: unknown, path: string, next: unknown): unknown {
  const [key, ...rest] = keysOf(path)
  if (key === undefined) return next
  const object = isPlainObject(value) ? value : {}
  const inner = rest.length === 0 ? next : setAt(ownAt(object, key), rest.join('.'), next)
  if (inner !== undefined) return { ...object, [key]: inner }
  const { [key]: _, ...others } = object
  return others
}

/** Every path that leads to a value that is not an object. */
export function leafPaths(value: unknown, prefix = ''): string[] {
  if (!isPlainObject(value)) return [prefix]
  return Object.entries(value).flatMap(([key, inner]) =>
    leafPaths(inner, prefix === '' ? key : `${prefix}.${key}`),
  )
}

export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  if (!isPlainObject(a) || !isPlainObject(b)) return false
  const keys = definedKeys(a)
  return keys.length === definedKeys(b).length && keys.every((key) => isSame(a[key], b[key]))
}

function definedKeys(object: PlainObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined)
}

export function parentOf(path: string): string {
  return path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : ''
}

export function lastKey(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

export function joinPath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('.')
}

function keysOf(path: string): string[] {
  return path === '' ? [] : path.split('.')
}
