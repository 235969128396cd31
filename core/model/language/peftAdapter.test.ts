import { describe, expect, test } from 'vitest'
import type { Trainable } from '../trainableGraph.ts'
import { peftAdapter } from './peftAdapter.ts'

const lora = [
  ['encoder.layer.0.attention.query.weight.lora_A', [3, 2]],
  ['encoder.layer.0.attention.query.weight.lora_B', [2, 4]],
] as const
const classifier = [
  ['classifier.weight', [4, 3]],
  ['classifier.bias', [3]],
] as const

/** Parameters 0, 1, 2 … of these tensors, as an adapter. */
function adapterOf(shapes: readonly (readonly [string, readonly number[]])[]) {
  let offset = 0
  const trainables = shapes.map(([name, shape]): Trainable => {
    const size = shape.reduce((product, length) => product * length, 1)
    offset += size
    return { name, shape, size, offset: offset - size }
  })
  const params = Float32Array.from({ length: offset }, (_, i) => i)
  const metadata = new Map([['hiso.prompt', '{text}']])
  const settings = { rank: 2, alpha: 4, baseModel: 'some-encoder', metadata }
  const files = peftAdapter(trainables, params, settings)
  const stored = files.get('adapter_model.safetensors')!
  const view = new DataView(stored.buffer, stored.byteOffset)
  const length = Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(stored.subarray(8, 8 + length))) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >
  const valuesOf = (name: string) => {
    const [from, to] = header[name]!.data_offsets
    return [...new Float32Array(stored.slice(8 + length + from, 8 + length + to).buffer)]
  }
  const config = JSON.parse(new TextDecoder().decode(files.get('adapter_config.json')))
  return { header, valuesOf, config }
}

describe('an adapter in the layout of PEFT', () => {
  test('holds LoRA alone where nothing else was trained', () => {
    const { header, config } = adapterOf(lora)
    expect(Object.keys(header).filter((name) => name !== '__metadata__')).toHaveLength(2)
    expect(config).toMatchObject({ task_type: 'CAUSAL_LM', target_modules: ['query'] })
    expect(config).not.toHaveProperty('modules_to_save')
    expect(header['__metadata__']).toMatchObject({ format: 'pt', 'hiso.prompt': '{text}' })
  })

  test("takes an encoder's classifier along, its matrix turned round", () => {
    const { header, valuesOf, config } = adapterOf([...lora, ...classifier])
    expect(config).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['classifier'] })
    const matrix = 'base_model.model.classifier.weight'
    expect(header[matrix]!.shape).toEqual([3, 4])
    // Ours is [4, 3], from parameter 14 on.
    expect(valuesOf(matrix)).toEqual([14, 17, 20, 23, 15, 18, 21, 24, 16, 19, 22, 25])
    expect(header['base_model.model.classifier.bias']!.shape).toEqual([3])
    expect(valuesOf('base_model.model.classifier.bias')).toEqual([26, 27, 28])
  })
})
