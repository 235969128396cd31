/**
 * A copy of a replica's state between two rounds: plain data, which may cross threads and lie in a
 * cache. The log stays the truth; a copy only saves applying it again.
 */
import type { MethodPlan } from '../methods/index.ts'

export type StateValue =
  number | readonly number[] | Float32Array | Float64Array | Uint32Array | undefined

export interface ReplicaSnapshot {
  /** Rounds applied so far. */
  readonly rounds: number
  /** The method after every change in the log. */
  readonly plan: MethodPlan
  /** x, H and whatever the method keeps besides, by name. */
  readonly values: Readonly<Record<string, StateValue>>
}

function copyOf<Value extends StateValue>(value: Value): Value {
  return (typeof value === 'object' ? value.slice() : value) as Value
}

/** The values of an object of numbers and arrays of them, copied, under longer names. */
export function copiedValues(of: object | undefined, prefix = ''): Record<string, StateValue> {
  const entries = Object.entries((of ?? {}) as Record<string, StateValue>)
  return Object.fromEntries(entries.map(([name, value]) => [prefix + name, copyOf(value)]))
}

/** Those with this prefix, under the names that they had. */
export function valuesUnder(
  prefix: string,
  values: ReplicaSnapshot['values'],
): Record<string, StateValue> {
  const under = Object.entries(values).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(under.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** The names of what a snapshot message holds, in its order. */
const sentNames = ['x', 'H', 'v'] as const

/** What a snapshot message holds of a state: the vectors of these names that there are. */
export function sentVectors({ values }: Pick<ReplicaSnapshot, 'values'>): Float32Array[] {
  return sentNames.flatMap((name) => (values[name] as Float32Array | undefined) ?? [])
}

/**
 * The vectors of a snapshot message by their names.
 * @param has of the names, those that the state has
 */
export function namedVectors(
  vectors: readonly Float32Array[],
  has: ReplicaSnapshot['values'],
): ReplicaSnapshot['values'] {
  const names = sentNames.filter((name) => has[name] !== undefined)
  return Object.fromEntries(names.map((name, at) => [name, vectors[at]]))
}

/** About how much memory a snapshot takes. */
export function snapshotBytes({ values }: Pick<ReplicaSnapshot, 'values'>): number {
  let bytes = 0
  for (const value of Object.values(values))
    if (ArrayBuffer.isView(value)) bytes += value.byteLength
    else if (typeof value === 'object') bytes += 8 * value.length
  return bytes
}
