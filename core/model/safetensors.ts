/**
 * Writing tensors as a safetensors file: a length, a JSON header, and the values one behind the
 * other.
 */

export interface StoredTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * float32 tensors by name, in the order given.
 * @see https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let end = 0
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } }
  for (const [name, { shape, values }] of tensors) {
    const begin = end
    end += values.byteLength
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] }
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // The values begin at a multiple of 8 bytes: the header may end in spaces.
  const padded = 8 * Math.ceil(text.length / 8)
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true)
  bytes.set(text, 8)
  let at = 8 + padded
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return bytes
}
