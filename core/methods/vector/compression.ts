/**
 * Pieces: how a participant encodes its update. The server reads what the encoded bytes stand for.
 */
import { assertNever } from '../../base/index.ts'
import type { CompressionSettings } from '../../config/index.ts'
import { RandomStream } from '../../random/index.ts'
import type { PackedVector } from '../../wire/index.ts'

export interface Compression {
  readonly encoding: PackedVector['encoding']
  /** k, the number of values sent, of d. */
  kept(dim: number): number
  /**
   * @param vector float32[d]; copied, never kept
   * @param stream of this vector alone
   */
  pack(vector: Float32Array, stream: RandomStream): PackedVector
}

export function createCompression(settings: CompressionSettings): Compression {
  switch (settings.kind) {
    case 'none':
      return dense
    case 'topK':
      return topK(settings.share)
    case 'randomK':
      return randomK(settings.share)
    case 'int8':
      return int8
    default:
      return assertNever(settings)
  }
}

/** All values, 4 bytes each. */
const dense: Compression = {
  encoding: 'float32',
  kept: (dim) => dim,
  pack: (vector) => ({ encoding: 'float32', values: vector.slice() }),
}

const keptOf = (share: number) => (dim: number) => Math.max(1, Math.round(share * dim))

/**
 * The k values largest in size; of equals the first. Biased: small values are never sent, as the
 * error is not remembered.
 *
 * @see arXiv 1704.05021
 */
function topK(share: number): Compression {
  const kept = keptOf(share)
  return {
    encoding: 'topK',
    kept,
    pack(vector) {
      const k = kept(vector.length)
      const threshold = vector.map(Math.abs).sort()[vector.length - k]!
      let above = 0
      for (const value of vector) if (Math.abs(value) > threshold) above++
      const indices = new Uint32Array(k)
      let filled = 0
      let equals = k - above
      for (let j = 0; j < vector.length && filled < k; j++) {
        const size = Math.abs(vector[j]!)
        if (size > threshold || (size === threshold && equals-- > 0)) indices[filled++] = j
      }
      const values = Float32Array.from(indices, (j) => vector[j]!)
      return { encoding: 'topK', dim: vector.length, indices, values }
    },
  }
}

/**
 * k values at random, times d/k, so that their mean is the vector's. Their positions follow from a
 * seed, which is sent instead.
 *
 * @see arXiv 1704.05021, arXiv 1809.07599
 */
function randomK(share: number): Compression {
  const kept = keptOf(share)
  return {
    encoding: 'randomK',
    kept,
    pack(vector, stream) {
      const dim = vector.length
      const seed = stream.uint32()
      const k = kept(dim)
      const values = Float32Array.from(indicesOf(seed, dim, k), (j) => vector[j]! * (dim / k))
      return { encoding: 'randomK', dim, seed, values }
    },
  }
}

/** The largest code. */
const levels = 127

/**
 * One byte per value and one scale for all: v ≈ scale · code, rounded up or down at random, so that
 * the mean is v.
 *
 * @see arXiv 1610.02132 (QSGD), with the largest value as the scale
 */
const int8: Compression = {
  encoding: 'int8',
  kept: (dim) => dim,
  pack(vector, stream) {
    let largest = 0
    for (const value of vector) largest = Math.max(largest, Math.abs(value))
    const scale = Math.fround(largest / levels)
    if (scale === 0) return { encoding: 'int8', scale, codes: new Int8Array(vector.length) }
    const codes = Int8Array.from(vector, (value) =>
      // Rounding the scale may lift the largest value just above the last level.
      Math.max(-levels, Math.min(levels, Math.floor(value / scale + stream.uniform()))),
    )
    return { encoding: 'int8', scale, codes }
  },
}

/** The vector that a packed one stands for, float32[d]. */
export function unpack(packed: PackedVector): Float32Array {
  switch (packed.encoding) {
    case 'float32':
      return packed.values
    case 'topK':
      return scatter(packed.dim, packed.indices, packed.values)
    case 'randomK':
      return scatter(
        packed.dim,
        indicesOf(packed.seed, packed.dim, packed.values.length),
        packed.values,
      )
    case 'int8':
      return Float32Array.from(packed.codes, (code) => packed.scale * code)
    default:
      return assertNever(packed)
  }
}

function indicesOf(seed: number, dim: number, kept: number): Uint32Array {
  return new RandomStream(seed, 'compression').sample(dim, kept)
}

function scatter(dim: number, indices: Uint32Array, values: Float32Array): Float32Array {
  const vector = new Float32Array(dim)
  for (const [at, index] of indices.entries()) vector[index] = values[at]!
  return vector
}
