/** Ways to spoil bytes, whatever they mean. */
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'

/** Repeating makes no input larger: limits are for what small files cause. */
const MOST_BYTES = 2 ** 17

const flipBits: Mutator = (bytes, draw) => {
  if (bytes.length === 0) return bytes
  const out = bytes.slice()
  for (let flips = draw.length(8); flips > 0; flips--)
    out[draw.below(out.length)]! ^= 1 << draw.below(8)
  return out
}

export const setByte: Mutator = (bytes, draw) => {
  if (bytes.length === 0) return bytes
  const out = bytes.slice()
  out[draw.below(out.length)] = draw.pick([0, 1, 0x7f, 0x80, 0xff, draw.below(256)])
  return out
}

/** A number at which programs go wrong, in 1, 2, 4 or 8 bytes of either order. */
const boundaryInteger: Mutator = (bytes, draw) => {
  const width = draw.pick([1, 2, 4, 8] as const)
  if (bytes.length < width) return bytes
  const out = bytes.slice()
  const at = draw.below(out.length - width + 1)
  const view = new DataView(out.buffer, at, width)
  const value = BigInt.asUintN(64, BigInt(draw.boundary()))
  const little = draw.oneIn(2)
  if (width === 1) view.setUint8(0, Number(value & 0xffn))
  else if (width === 2) view.setUint16(0, Number(value & 0xffffn), little)
  else if (width === 4) view.setUint32(0, Number(value & 0xffffffffn), little)
  else view.setBigUint64(0, value, little)
  return out
}

const truncate: Mutator = (bytes, draw) =>
  bytes.slice(0, draw.oneIn(2) ? draw.below(bytes.length + 1) : bytes.length - draw.length(16))

const remove: Mutator = (bytes, draw) => {
  const [start, end] = stretch(bytes, draw)
  return joined(bytes.subarray(0, start), bytes.subarray(end))
}

/** The same stretch over and over. */
const repeat: Mutator = (bytes, draw) => {
  const [start, end] = stretch(bytes, draw)
  const part = bytes.subarray(start, end)
  if (part.length === 0) return bytes
  const times = Math.min(draw.length(1000), Math.floor((MOST_BYTES - bytes.length) / part.length))
  const parts = Array.from({ length: Math.max(1, times) }, () => part)
  return joined(bytes.subarray(0, end), ...parts, bytes.subarray(end))
}

const insert: Mutator = (bytes, draw) => {
  const at = draw.below(bytes.length + 1)
  return joined(bytes.subarray(0, at), draw.bytes(draw.length(64)), bytes.subarray(at))
}

/** The beginning of one valid file and the end of another. */
const splice: Mutator = (bytes, draw, others) => {
  const other = draw.pick(others)
  return joined(
    bytes.subarray(0, draw.below(bytes.length + 1)),
    other.subarray(draw.below(other.length + 1)),
  )
}

/** A LEB128 count that is longer than it needs to be, or larger than there are bytes. */
const overlongVarint: Mutator = (bytes, draw) => {
  const at = draw.below(bytes.length + 1)
  const more = Array.from({ length: draw.between(1, 10) }, () =>
    draw.pick([0x80, 0xff, 0x80 | draw.below(128)]),
  )
  return joined(
    bytes.subarray(0, at),
    Uint8Array.of(...more, draw.pick([0, 1, 0x7f])),
    bytes.subarray(draw.oneIn(2) ? at : Math.min(bytes.length, at + 1)),
  )
}

export const anyBytes: readonly Mutator[] = [
  flipBits,
  setByte,
  boundaryInteger,
  truncate,
  remove,
  repeat,
  insert,
  splice,
  overlongVarint,
]

function stretch(bytes: Uint8Array, draw: Draw): [start: number, end: number] {
  const start = draw.below(bytes.length + 1)
  return [start, Math.min(bytes.length, start + draw.length(256))]
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
