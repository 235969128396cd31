/**
 * Payloads of the d-dimensional messages, written and read as whole vectors, and the lengths of
 * their frames.
 */
import { corrupt, type ByteReader, type ByteWriter } from './bytes.ts'
import {
  vectorEncodings,
  type Model,
  type PackedVector,
  type Update,
  type VectorEntry,
} from './vectorMessage.ts'

export function writeModel(to: ByteWriter, { vectors }: Model): void {
  to.varint(vectors.length)
  to.varint(vectors[0]!.length)
  for (const vector of vectors) to.float32s(vector)
}

export function readModel(from: ByteReader, round: number): Model {
  const count = from.varint()
  const dim = from.varint()
  return { type: 'model', round, vectors: readVectors(from, count, dim) }
}

export function writeUpdate(to: ByteWriter, { client, vectors }: Update): void {
  to.varint(client)
  to.varint(vectors.length)
  for (const vector of vectors) writePacked(to, vector)
}

export function readUpdate(from: ByteReader, round: number): Update {
  const client = from.varint()
  const count = countOf(from, 1)
  const vectors = Array.from({ length: count }, () => readPacked(from))
  return { type: 'update', round, client, vectors }
}

export function writeVectorEntry(to: ByteWriter, entry: VectorEntry): void {
  to.varint(entry.dim)
  to.varint(entry.aggregate.length)
  to.float32s(entry.aggregate)
  to.varint(entry.clientVectors.length)
  for (const { client, vector } of entry.clientVectors) {
    to.varint(client)
    to.float32s(vector)
  }
  to.float32s(entry.control)
}

export function readVectorEntry(from: ByteReader, round: number): VectorEntry {
  const dim = from.varint()
  const aggregate = from.float32s(countOf(from, 4))
  if (aggregate.length !== 0 && aggregate.length !== dim)
    throw corrupt('an aggregated update has another length than the model')
  const clientVectors = Array.from({ length: countOf(from, 1 + 4 * dim) }, () => ({
    client: from.varint(),
    vector: from.float32s(dim),
  }))
  const control = from.float32s(from.remaining > 0 ? dim : 0)
  return { type: 'vectorEntry', round, dim, aggregate, clientVectors, control }
}

function writePacked(to: ByteWriter, vector: PackedVector): void {
  to.uint8(vectorEncodings.indexOf(vector.encoding))
  switch (vector.encoding) {
    case 'float32':
      to.varint(vector.values.length)
      to.float32s(vector.values)
      return
    case 'topK':
      to.varint(vector.dim)
      to.varint(vector.values.length)
      for (const index of vector.indices) to.uint32(index)
      to.float32s(vector.values)
      return
    case 'randomK':
      to.varint(vector.dim)
      to.varint(vector.values.length)
      to.uint32(vector.seed)
      to.float32s(vector.values)
      return
    case 'int8':
      to.varint(vector.codes.length)
      to.float32(vector.scale)
      to.bytes(new Uint8Array(vector.codes.buffer, vector.codes.byteOffset, vector.codes.length))
  }
}

function readPacked(from: ByteReader): PackedVector {
  const encoding = vectorEncodings[from.uint8()]
  if (encoding === undefined) throw corrupt('a vector is written in an unknown way')
  const dim = from.varint()
  switch (encoding) {
    case 'float32':
      return { encoding, values: from.float32s(dim) }
    case 'topK': {
      const kept = countOf(from, 8)
      const indices = Uint32Array.from({ length: kept }, () => from.uint32())
      if (indices.some((index, at) => index >= dim || (at > 0 && index <= indices[at - 1]!)))
        throw corrupt('the indices of a sparse vector are not ascending, or not below its length')
      return { encoding, dim, indices, values: from.float32s(kept) }
    }
    case 'randomK': {
      const kept = countOf(from, 4)
      if (kept > dim) throw corrupt('a sparse vector holds more values than its length')
      return { encoding, dim, seed: from.uint32(), values: from.float32s(kept) }
    }
    case 'int8': {
      const scale = from.float32()
      return { encoding, scale, codes: new Int8Array(from.bytes(dim).slice().buffer) }
    }
  }
}

function readVectors(from: ByteReader, count: number, dim: number): Float32Array[] {
  if (count * dim * 4 > from.remaining) throw corrupt('the message ends too early')
  return Array.from({ length: count }, () => from.float32s(dim))
}

/** A count of items of at least `size` bytes each, checked before the items are allocated. */
function countOf(from: ByteReader, size: number): number {
  const count = from.varint()
  if (count * size > from.remaining) throw corrupt('the message ends too early')
  return count
}

/** Bytes of a model's frame. */
export function modelFrameBytes(round: number, vectors: number, dim: number): number {
  return frameBytes(
    varintBytes(round) + varintBytes(vectors) + varintBytes(dim) + 4 * vectors * dim,
  )
}

/** Bytes of an update's frame, from its shape. @param kept k, for a sparse encoding */
export function updateFrameBytes(
  round: number,
  client: number,
  vectors: number,
  { encoding, dim, kept }: Pick<PackedVector, 'encoding'> & { dim: number; kept: number },
): number {
  const body = {
    float32: 4 * dim,
    topK: varintBytes(kept) + 8 * kept,
    randomK: varintBytes(kept) + 4 + 4 * kept,
    int8: 4 + dim,
  }[encoding]
  const header = varintBytes(round) + varintBytes(client) + varintBytes(vectors)
  return frameBytes(header + vectors * (1 + varintBytes(dim) + body))
}

/** Type, payload length, payload and checksum. */
export function frameBytes(payloadBytes: number): number {
  return 1 + varintBytes(payloadBytes) + payloadBytes + 4
}

/** Bytes that a number takes as a varint. */
export function varintBytes(value: number): number {
  let bytes = 1
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes++
  return bytes
}
