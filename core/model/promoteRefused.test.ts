import { create } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HisoError } from '../base/index.ts'
import { modelFile } from '../testing/models/index.ts'
import { smallModel } from '../testing/smallModel.ts'
import { NodeProtoSchema, TensorProtoSchema } from '../onnx/onnx.generated.ts'
import { node, valueInfo } from '../onnx/onnxModel.ts'
import { tensor } from '../onnx/tensorValues.ts'
import { promoteModel } from './promote.ts'

const all = { trainable: ['*'] }

function refusal(bytes: Uint8Array, options: Parameters<typeof promoteModel>[1] = all): HisoError {
  try {
    promoteModel(bytes, options)
  } catch (error) {
    if (error instanceof HisoError) return error
    throw error
  }
  throw new Error('the model was accepted')
}

describe('a file that is no trainable classifier is refused', () => {
  it('when it is cut short, wherever', () => {
    const whole = modelFile('mlp-opset17.onnx')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        const { code, message } = refusal(whole.subarray(0, length))
        expect(code).toBe('MODEL_INVALID')
        expect(message).toMatch(/not an ONNX model, or it is cut short/)
      }),
    )
  })

  it('when it is something else altogether', () => {
    const text = new TextEncoder().encode('name: quickstart\ntask: { dataset: mnist }\n')
    expect(refusal(text).code).toBe('MODEL_INVALID')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(refusal(bytes).code).toMatch(/^MODEL_/)
      }),
    )
  })

  it.each<[string, Uint8Array, string, RegExp]>([
    [
      'quantised weights',
      modelFile('quantised.onnx'),
      'MODEL_NOT_TRAINABLE',
      /w_q: quantised to int8.*DequantizeLinear/s,
    ],
    [
      'classical operators',
      modelFile('classical.onnx'),
      'MODEL_UNSUPPORTED',
      /LinearClassifier.*no float weights/,
    ],
    [
      'labels instead of logits',
      modelFile('argmax.onnx'),
      'MODEL_UNSUPPORTED',
      /output \(int64 \[n\]\).*before argmax/,
    ],
    [
      'no weights at all',
      smallModel(({ graph }) => {
        graph!.node = [node('Relu', ['x'], 'output')]
        graph!.initializer = []
      }),
      'MODEL_NOT_TRAINABLE',
      /no float weights to train/,
    ],
    [
      'ZipMap at the end',
      smallModel(({ graph }) => {
        graph!.output[0]!.type!.value = {
          case: 'sequenceType',
          value: { $typeName: 'onnx.TypeProto.Sequence' } as never,
        }
      }),
      'MODEL_UNSUPPORTED',
      /sequenceType.*ZipMap/s,
    ],
    [
      'an output that is made of weights alone: what it is made of, and where the input ends',
      smallModel(({ graph }) => {
        graph!.node = [node('Relu', ['x'], 'lost'), node('MatMul', ['w', 'w'], 'output')]
      }),
      'MODEL_UNSUPPORTED',
      /output does not depend on its input x: it is made of w alone, and x goes into Relu/,
    ],
    [
      'several inputs',
      smallModel(({ graph }) => {
        graph!.input.push(valueInfo('mask', 1, ['n', 6]))
      }),
      'MODEL_UNSUPPORTED',
      /takes one input.*x, mask/,
    ],
    [
      'integer features',
      smallModel(({ graph }) => {
        graph!.input[0] = valueInfo('x', 7, ['n', 6])
      }),
      'MODEL_UNSUPPORTED',
      /x is int64.*features are float32/,
    ],
    [
      'several outputs',
      smallModel(({ graph }) => {
        graph!.node.push(node('Relu', ['output'], 'second'))
        graph!.output.push(valueInfo('second', 1, ['n', 3]))
      }),
      'MODEL_UNSUPPORTED',
      /several of its outputs.*second/,
    ],
    [
      'an output per token',
      smallModel(({ graph }) => {
        graph!.output[0] = valueInfo('output', 1, ['n', 3, 7])
      }),
      'MODEL_UNSUPPORTED',
      /one answer for each sample/,
    ],
    [
      'one logit',
      smallModel(({ graph }) => {
        graph!.output[0] = valueInfo('output', 1, ['n', 1])
      }),
      'MODEL_UNSUPPORTED',
      /1 column/,
    ],
    [
      'Sigmoid at the end',
      smallModel(({ graph }) => {
        graph!.node = [node('MatMul', ['x', 'w'], 'z'), node('Sigmoid', ['z'], 'output')]
      }),
      'MODEL_UNSUPPORTED',
      /ends in Sigmoid/,
    ],
    [
      'softmax over the batch',
      smallModel(({ graph }) => {
        graph!.node = [
          node('MatMul', ['x', 'w'], 'z'),
          node('Softmax', ['z'], 'output', { axis: 0 }),
        ]
      }),
      'MODEL_UNSUPPORTED',
      /over dimension 0/,
    ],
    [
      'random numbers',
      smallModel(({ graph }) => {
        graph!.node = [node('RandomNormalLike', ['x'], 'r'), node('MatMul', ['r', 'w'], 'output')]
      }),
      'MODEL_UNSUPPORTED',
      /draws random numbers \(RandomNormalLike\)/,
    ],
    [
      'dropout in training mode',
      smallModel(({ graph }) => {
        const yes = create(TensorProtoSchema, {
          name: 'yes',
          dataType: 9,
          rawData: Uint8Array.of(1),
        })
        graph!.initializer.push(yes)
        graph!.node = [
          create(NodeProtoSchema, { opType: 'Dropout', input: ['x', '', 'yes'], output: ['d'] }),
          node('MatMul', ['d', 'w'], 'output'),
        ]
      }),
      'MODEL_UNSUPPORTED',
      /draws random numbers \(Dropout\).*evaluation mode/s,
    ],
    [
      'batch normalisation in training mode',
      smallModel(({ graph }) => {
        for (const name of ['s', 'b', 'm', 'v'])
          graph!.initializer.push(tensor(name, [3], new Float32Array(3)))
        graph!.node = [
          node('MatMul', ['x', 'w'], 'z'),
          node('BatchNormalization', ['z', 's', 'b', 'm', 'v'], 'output', { training_mode: 1 }),
        ]
      }),
      'MODEL_UNSUPPORTED',
      /training mode.*evaluation mode/s,
    ],
    [
      'operators older than the runtime runs',
      smallModel((model) => {
        model.opsetImport[0]!.version = 6n
      }),
      'MODEL_UNSUPPORTED',
      /version 6.*opset_version 17/s,
    ],
    [
      'a tensor with too few values',
      smallModel(({ graph }) => {
        graph!.initializer[0]!.rawData = new Uint8Array(8)
      }),
      'MODEL_INVALID',
      /w: the tensor holds 2 values.*\[6, 3\] needs 18/,
    ],
    [
      'an unknown sample shape',
      smallModel(({ graph }) => {
        graph!.input[0] = valueInfo('x', 1, ['n', 'columns'])
      }),
      'MODEL_UNSUPPORTED',
      /shape of one sample is not in the file \(\[n, columns\]\)/,
    ],
  ])('with %s', (_, bytes, code, message) => {
    const error = refusal(bytes)
    expect(error.message).toMatch(message)
    expect(error.code).toBe(code)
    expect(error.remedy).toBeTruthy()
  })

  it('when the file beside it is missing, names that file', () => {
    const bytes = modelFile('external.onnx')
    const missing = () => {
      throw new Error('ENOENT')
    }
    for (const externalData of [undefined, missing]) {
      const error = refusal(bytes, externalData === undefined ? all : { ...all, externalData })
      expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', where: 'external.bin' })
      expect(error.message).toMatch(/same folder as the model/)
    }
    const short = refusal(bytes, { ...all, externalData: () => new Uint8Array(3) })
    expect(short).toMatchObject({ code: 'MODEL_INVALID', where: 'external.bin' })
  })

  it.each(['../secret.bin', '/etc/passwd', 'C:\\data.bin', 'a/../../b'])(
    'when it reaches for a file outside its folder: %s',
    (location) => {
      const bytes = smallModel(({ graph }) => {
        const [w] = graph!.initializer
        w!.rawData = new Uint8Array()
        w!.dataLocation = 1
        w!.externalData = [
          { $typeName: 'onnx.StringStringEntryProto', key: 'location', value: location },
        ]
      })
      expect(refusal(bytes, { ...all, externalData: () => new Uint8Array(72) })).toMatchObject({
        code: 'MODEL_INVALID',
        where: location,
      })
    },
  )

  it('when no weight has the wanted name, lists the names', () => {
    const error = refusal(modelFile('constants.onnx'), { trainable: ['fc*', 'head'] })
    expect(error.code).toBe('MODEL_NOT_TRAINABLE')
    expect(error.message).toMatch(/no weight is called fc\* or head.*w_value, b_value/)
    const fixed = refusal(
      smallModel(({ graph }) => {
        graph!.initializer.push(tensor('spare', [2], new Float32Array(2)))
      }),
      { trainable: ['spare'] },
    )
    expect(fixed.message).toMatch(/spare can't be trained: does not reach the logits/)
  })

  it('when the dataset has samples of another shape', () => {
    const error = refusal(smallModel(), { ...all, featureShape: [1, 28, 28] })
    expect(error.message).toMatch(/takes samples of 6, and the dataset has 1 × 28 × 28/)
  })
})
