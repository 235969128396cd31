/**
 * A config's values under their dotted paths, section by section. Runs of a library have most
 * sections in common: equal objects are flattened once, and what two runs share is not compared.
 */
import type { RunConfig } from '../config/index.ts'

/** A config's value at a leaf; lists count as one value. */
export type ConfigValue = string | number | boolean

type Leaves = ReadonlyMap<string, ConfigValue>

/** In the config's order; then what was added. */
export class ConfigValues implements ReadonlyMap<string, ConfigValue> {
  /** Of sections, by their keys. */
  readonly #sections: ReadonlyMap<string, Leaves>
  /** Values that are in no section. */
  readonly #single: Leaves

  private constructor(sections: ReadonlyMap<string, Leaves>, single: Leaves) {
    this.#sections = sections
    this.#single = single
  }

  static of(config: RunConfig): ConfigValues {
    const sections = new Map<string, Leaves>()
    const single = new Map<string, ConfigValue>()
    for (const [key, value] of Object.entries(config))
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        sections.set(key, leavesOf(key, value))
      else for (const leaf of leavesUnder(key, value)) single.set(...leaf)
    return new ConfigValues(sections, single)
  }

  /** With more values beside the sections. */
  with(values: Iterable<readonly [path: string, value: ConfigValue]>): ConfigValues {
    return new ConfigValues(this.#sections, new Map([...this.#single, ...values]))
  }

  get size(): number {
    return this.#parts().reduce((sum, part) => sum + part.size, 0)
  }

  get(path: string): ConfigValue | undefined {
    const dot = path.indexOf('.')
    return dot < 0 ? this.#single.get(path) : this.#sections.get(path.slice(0, dot))?.get(path)
  }

  has(path: string): boolean {
    return this.get(path) !== undefined
  }

  *entries(): MapIterator<[string, ConfigValue]> {
    for (const part of this.#parts()) yield* part
  }

  *keys(): MapIterator<string> {
    for (const part of this.#parts()) yield* part.keys()
  }

  *values(): MapIterator<ConfigValue> {
    for (const part of this.#parts()) yield* part.values()
  }

  [Symbol.iterator](): MapIterator<[string, ConfigValue]> {
    return this.entries()
  }

  forEach(visit: (value: ConfigValue, path: string, map: Leaves) => void): void {
    for (const [path, value] of this) visit(value, path, this)
  }

  /** Paths at which the two do not have the same value: this one's first, in every section. */
  pathsApart(other: ConfigValues): string[] {
    const keys = new Set([...this.#sections.keys(), ...other.#sections.keys()])
    const apart = differing(this.#single, other.#single)
    for (const key of keys) {
      const [own, others] = [this.#sections.get(key), other.#sections.get(key)]
      if (own !== others) apart.push(...differing(own ?? none, others ?? none))
    }
    return apart
  }

  /** Every path that some of them have a value at. */
  static pathsOf(all: Iterable<ConfigValues>): Set<string> {
    const parts = new Set<Leaves>()
    for (const values of all) for (const part of values.#parts()) parts.add(part)
    return new Set([...parts].flatMap((part) => [...part.keys()]))
  }

  #parts(): Leaves[] {
    return [...this.#sections.values(), this.#single]
  }
}

const none: Leaves = new Map()

function differing(own: Leaves, others: Leaves): string[] {
  const apart: string[] = []
  for (const [path, value] of own) if (others.get(path) !== value) apart.push(path)
  for (const path of others.keys()) if (!own.has(path)) apart.push(path)
  return apart
}

/** Sections never change. */
const known = new WeakMap<object, { readonly key: string; readonly leaves: Leaves }>()

function leavesOf(key: string, section: object): Leaves {
  const found = known.get(section)
  if (found?.key === key) return found.leaves
  const leaves = new Map(leavesUnder(key, section))
  known.set(section, { key, leaves })
  return leaves
}

function leavesUnder(path: string, value: unknown): (readonly [string, ConfigValue])[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return [[path, value.join(', ')]]
  if (typeof value !== 'object') return [[path, value as ConfigValue]]
  return Object.entries(value).flatMap(([key, inner]) => leavesUnder(`${path}.${key}`, inner))
}
