/** Ways to spoil JSON that leave it JSON. */
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'
import { anyText } from './text.ts'

type Json = unknown
type Place = { readonly holder: Record<string, Json>; readonly key: string }

const odd: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, -1e308, '', ' ', '\u0000', '🙂'],
  ...[[], {}, [[]], [null], { a: { a: {} } }, 'a'.repeat(10_000), '(a+)+$', '(?:a|a)*b', '\\p{L}+'],
  ...[
    Array.from({ length: 1000 }, (_, at) => at),
    { constructor: 1 },
    JSON.parse('{"__proto__":1}') as Json,
  ],
]
const names = ['__proto__', 'constructor', 'toString', 'length', 'type', '', 'a', '0', '-1']

/** Exchanges, drops, adds, renames, nests or doubles something at any depth. */
const jsonTree: Mutator = (bytes, draw) => {
  let value: Json
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return bytes
  }
  const root: Record<string, Json> = { value }
  for (let times = draw.length(4); times > 0; times--) change(pickPlace(root, draw), root, draw)
  return new TextEncoder().encode(JSON.stringify(root['value'] ?? null))
}

/** Line by line. */
export const jsonLines: Mutator = (bytes, draw, others) => {
  const lines = new TextDecoder().decode(bytes).split('\n')
  const at = draw.below(lines.length)
  lines[at] = new TextDecoder().decode(jsonTree(new TextEncoder().encode(lines[at]), draw, others))
  return new TextEncoder().encode(lines.join('\n'))
}

export const anyJson: readonly Mutator[] = [jsonTree, jsonTree, jsonTree, ...anyText]

/** By a walk from the root; at least the root itself. */
function pickPlace(root: Record<string, Json>, draw: Draw): Place {
  let place: Place = { holder: root, key: 'value' }
  for (;;) {
    const inner = place.holder[place.key]
    if (typeof inner !== 'object' || inner === null) return place
    const keys = Object.keys(inner)
    if (keys.length === 0 || draw.oneIn(5)) return place
    place = { holder: inner as Record<string, Json>, key: draw.pick(keys) }
  }
}

function change({ holder, key }: Place, root: Record<string, Json>, draw: Draw): void {
  const old = holder[key]
  switch (draw.below(7)) {
    case 0:
      delete holder[key]
      return
    case 1: {
      const other = pickPlace(root, draw)
      holder[key] = structuredClone(other.holder[other.key])
      return
    }
    case 2:
      if (Array.isArray(holder)) return
      delete holder[key]
      Object.defineProperty(holder, draw.pick(names), {
        value: old,
        enumerable: true,
        configurable: true,
        writable: true,
      })
      return
    case 3:
      holder[key] = Array.from({ length: draw.length(100) }, () => old)
      return
    case 4:
      holder[key] = nested(old, draw)
      return
    case 5:
      holder[key] = typeof old === 'number' ? draw.boundary() : draw.pick(odd)
      return
    default:
      holder[key] = draw.pick(odd)
  }
}

function nested(value: Json, draw: Draw): Json {
  let out = value
  for (let depth = draw.length(3000); depth > 0; depth--) out = draw.oneIn(2) ? [out] : { a: out }
  return out
}
