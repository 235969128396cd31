/** A tiny ONNX classifier that tests damage in one way at a time. */
import { create } from '@bufbuild/protobuf'
import {
  encodeModel,
  type ModelProto,
  ModelProtoSchema,
  node,
  tensor,
  valueInfo,
} from '../onnx/index.ts'

/** A model x -> MatMul with w [6, 3] -> output, modified as asked. */
export function smallModel(change: (model: ModelProto) => void = () => {}): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'small',
      node: [node('MatMul', ['x', 'w'], 'output')],
      initializer: [tensor('w', [6, 3], new Float32Array(18).fill(0.5))],
      input: [valueInfo('x', 1, ['n', 6])],
      output: [valueInfo('output', 1, ['n', 3])],
    },
  })
  change(model)
  return encodeModel(model)
}
