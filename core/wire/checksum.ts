/**
 * The CRC-32 of any stretch of bytes in constant time: the search for a frame after damage asks for
 * one at almost every byte.
 */
import { crcTable } from '../base/index.ts'

const polynomial = 0xedb88320
const table = crcTable(polynomial)

/** Lengths are split in two digits of this many bits, with a table of powers for each. */
const digitBits = 12

/**
 * Checksums of all stretches of `bytes`, after one pass over them. Without its inversions a
 * checksum is linear: that of a stretch is that of everything up to its end, minus that of
 * everything before it, shifted by the length of the stretch. Takes 4 bytes of memory per byte.
 */
export class StretchChecksums {
  /** The register after each byte, starting at 0 and not inverted. */
  readonly #registers: Uint32Array
  /** x^(8n), which shifts a register by n bytes, for n below 2^digitBits and multiples of it. */
  readonly #low: Uint32Array
  readonly #high: Uint32Array

  constructor(bytes: Uint8Array) {
    this.#registers = new Uint32Array(bytes.length + 1)
    let register = 0
    for (let at = 0; at < bytes.length; at++) {
      register = (register >>> 8) ^ table[(register ^ bytes[at]!) & 0xff]!
      this.#registers[at + 1] = register
    }
    const highs = (bytes.length >>> digitBits) + 1
    this.#low = powers(byteShift, Math.min(bytes.length + 1, 1 << digitBits))
    const step = powers(byteShift, (1 << digitBits) + 1).at(-1)!
    this.#high = powers(step, highs)
  }

  /** The CRC-32 of the bytes in [start, end). */
  of(start: number, end: number): number {
    const length = end - start
    const moved = multiply(
      this.#low[length & ((1 << digitBits) - 1)]!,
      this.#high[length >>> digitBits]!,
    )
    // A checksum starts with all ones, which shift as the bytes before the stretch do.
    const before = multiply(this.#registers[start]! ^ 0xffffffff, moved)
    return ~(this.#registers[end]! ^ before) >>> 0
  }
}

/** 1, in the reflected order of bits: the highest bit is the lowest power. */
const one = 0x80000000
/** x^8: a shift by one byte. */
const byteShift = one >>> 8

function powers(base: number, count: number): Uint32Array {
  const list = new Uint32Array(count)
  let power = one
  for (let at = 0; at < count; at++) {
    list[at] = power
    power = multiply(power, base)
  }
  return list
}

/** The product of two polynomials over GF(2), modulo the checksum's. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bits = b | 0; bits !== 0; bits <<= 1) {
    if (bits < 0) product ^= a
    a = a & 1 ? (a >>> 1) ^ polynomial : a >>> 1
  }
  return product >>> 0
}
