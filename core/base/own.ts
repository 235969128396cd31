/**
 * What a table says of a key that came from outside. Plain indexing would find what all objects
 * inherit: an operator may be called `constructor`.
 */
export function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
