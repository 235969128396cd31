import { expect, it } from 'vitest'
import { encodeSafetensors } from './safetensors.ts'

it('a safetensors file is a length, a JSON header and the values behind it', () => {
  const tensors = new Map([
    ['a', { shape: [2, 1], values: Float32Array.of(1, 2) }],
    ['b', { shape: [1], values: Float32Array.of(-3) }],
  ])
  const bytes = encodeSafetensors(tensors)
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { format: 'pt' },
    a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
  })
  expect([...new Float32Array(bytes.slice(8 + length).buffer)]).toEqual([1, 2, -3])
})
