/**
 * Ways to spoil protocol buffers field by field, without their schema: what looks like a message
 * inside a message is gone into.
 */
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'
import { anyBytes, joined } from './bytes.ts'

interface Field {
  readonly number: number
  readonly wire: number
  /** Of a varint or a fixed number its bytes; of what has a length its content. */
  readonly content: Uint8Array
}

export const protobufFields: Mutator = (bytes, draw) => {
  const fields = parse(bytes)
  return fields === undefined ? bytes : encode(changed(fields, draw, 0))
}

const DEEPEST = 12

function changed(fields: readonly Field[], draw: Draw, depth: number): Field[] {
  const out = [...fields]
  if (out.length === 0) return out
  const at = draw.below(out.length)
  const field = out[at]!
  const inner = field.wire === 2 && depth < DEEPEST ? parse(field.content) : undefined
  if (inner !== undefined && inner.length > 0 && !draw.oneIn(4)) {
    out[at] = { ...field, content: encode(changed(inner, draw, depth + 1)) }
    return out
  }
  switch (draw.below(7)) {
    case 0:
      out.splice(at, 1)
      break
    case 1:
      out.splice(at, 0, ...Array.from({ length: draw.length(64) }, () => field))
      break
    case 2: {
      const to = draw.below(out.length)
      ;[out[at], out[to]] = [out[to]!, out[at]!]
      break
    }
    case 3:
      out[at] = { ...field, number: draw.between(1, 24) }
      break
    case 4:
      out[at] = { number: field.number, wire: 0, content: varint(BigInt(draw.boundary())) }
      break
    case 5:
      // The content of a neighbour: a name for another, a shape for another.
      out[at] = { ...field, content: draw.pick(out.filter((it) => it.wire === field.wire)).content }
      break
    default:
      out[at] =
        field.wire === 2
          ? { ...field, content: draw.pick(anyBytes)(field.content, draw, [field.content]) }
          : { ...field, wire: 0, content: varint(BigInt(draw.boundary())) }
  }
  return out
}

function parse(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length;) {
    const key = varintAt(bytes, at)
    if (key === undefined || key.value < 8) return undefined
    const [number, wire] = [Math.floor(key.value / 8), key.value % 8]
    let start = key.end
    let end: number
    if (wire === 0) end = varintAt(bytes, start)?.end ?? Infinity
    else if (wire === 1) end = start + 8
    else if (wire === 5) end = start + 4
    else if (wire === 2) {
      const length = varintAt(bytes, start)
      if (length === undefined) return undefined
      start = length.end
      end = start + length.value
    } else return undefined
    if (!(end <= bytes.length)) return undefined
    fields.push({ number, wire, content: bytes.subarray(start, end) })
    at = end
  }
  return fields
}

function encode(fields: readonly Field[]): Uint8Array {
  return joined(
    ...fields.flatMap(({ number, wire, content }) => {
      const key = varint(BigInt(number * 8 + wire))
      return wire === 2 ? [key, varint(BigInt(content.length)), content] : [key, content]
    }),
  )
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, value)
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
  return Uint8Array.of(...bytes, Number(left))
}

function varintAt(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let scale = 1, end = at; end < bytes.length && scale < 2 ** 63; scale *= 0x80) {
    const byte = bytes[end++]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return { value, end }
  }
  return undefined
}
