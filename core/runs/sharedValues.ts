/**
 * Many objects that have most of their parts in common, such as the configs of a library: equal
 * parts become one object, in memory and when packed. What takes them as a whole (JSON, structured
 * clone) then handles each part once.
 */

/** Equal parts as one object. They must not change any more. */
export class SharedValues {
  readonly #byText = new Map<string, object>()

  /** The same object with shared parts, as deep as one level. */
  shareParts<Whole extends object>(whole: Whole): Whole {
    const parts = Object.entries(whole as Record<string, unknown>)
    return Object.fromEntries(
      parts.map(([key, part]) => [key, isObject(part) ? this.#share(part) : part]),
    ) as Whole
  }

  #share(part: object): object {
    const text = JSON.stringify(part)
    const known = this.#byText.get(text)
    if (known === undefined) this.#byText.set(text, part)
    return known ?? part
  }
}

/** Objects as JSON takes them: few shapes, each part once. */
export interface PackedObjects {
  /** The keys of objects, and which of their values are places in `parts`. */
  readonly shapes: readonly { readonly keys: readonly string[]; readonly isPart: boolean[] }[]
  readonly parts: readonly object[]
  /** Each object: its shape, then its values. */
  readonly objects: readonly (readonly unknown[])[]
}

export function packObjects(objects: readonly object[]): PackedObjects {
  const shapes = new Numbered<PackedObjects['shapes'][number]>()
  const parts = new Numbered<object>()
  const packed = objects.map((whole) => {
    const entries = Object.entries(whole).filter(([, value]) => value !== undefined)
    const isPart = entries.map(([, value]) => isObject(value))
    const shape = shapes.numberOf({ keys: entries.map(([key]) => key), isPart })
    return [
      shape,
      ...entries.map(([, value]) => (isObject(value) ? parts.numberOf(value) : (value as unknown))),
    ]
  })
  return { shapes: shapes.all, parts: parts.all, objects: packed }
}

/** What an assignment makes of every other key; of this one it would make a prototype. */
const own = { writable: true, enumerable: true, configurable: true }

/** @returns what was packed, equal parts as one object */
export function unpackObjects({ shapes, parts, objects }: PackedObjects): object[] {
  return objects.map((packed) => {
    const { keys, isPart } = shapes[packed[0] as number]!
    const whole: Record<string, unknown> = {}
    // Ten thousand objects at a start: an iterator for each would take most of the time.
    for (let at = 0; at < keys.length; at++) {
      const packedValue = packed[at + 1]
      const value = isPart[at]! ? parts[packedValue as number] : packedValue
      const key = keys[at]!
      if (key === '__proto__') Object.defineProperty(whole, key, { ...own, value })
      else whole[key] = value
    }
    return whole
  })
}

/** Different values in the order in which they came. */
class Numbered<Value extends object> {
  readonly all: Value[] = []
  readonly #byText = new Map<string, number>()
  readonly #byIdentity = new Map<object, number>()

  numberOf(value: Value): number {
    const known = this.#byIdentity.get(value)
    if (known !== undefined) return known
    const text = JSON.stringify(value)
    let number = this.#byText.get(text)
    if (number === undefined) {
      number = this.all.push(value) - 1
      this.#byText.set(text, number)
    }
    this.#byIdentity.set(value, number)
    return number
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
