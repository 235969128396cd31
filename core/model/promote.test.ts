import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HisoError } from '../base/index.ts'
import { expectedLogits, modelFile } from '../testing/models/index.ts'
import { exportTrained } from './exportModel.ts'
import { inspectModel } from './inspect.ts'
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type ModelProto,
} from './onnx.generated.ts'
import { decodeModel, encodeModel, node, tensor, valueInfo } from './onnxModel.ts'
import { promoteModel } from './promote.ts'

const all = { trainable: ['*'] }

const names = (file: string, trainable: readonly string[]) =>
  promoteModel(modelFile(file), { trainable }).trainables.map((it) => it.name)

/** A model x -> MatMul with w [6, 3] -> output, and whatever is done to it. */
function smallModel(change: (model: ModelProto) => void = () => {}): Uint8Array {
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

function refusal(bytes: Uint8Array, options: Parameters<typeof promoteModel>[1] = all): HisoError {
  try {
    promoteModel(bytes, options)
  } catch (error) {
    if (error instanceof HisoError) return error
    throw error
  }
  throw new Error('the model was accepted')
}

describe('the weights of a foreign model', () => {
  it('are what layers learn; statistics and input scaling are trained only by their full name', () => {
    const trained = names('batchnorm-cnn.onnx', ['*'])
    expect(trained).toContain('n1.weight')
    expect(trained).not.toContain('n1.running_mean')
    expect(names('batchnorm-cnn.onnx', ['n1.running_*', 'head.bias'])).toEqual(['head.bias'])
    expect(names('batchnorm-cnn.onnx', ['n1.running_mean'])).toEqual(['n1.running_mean'])
    expect(names('softmax-cnn.onnx', ['*'])).not.toContain('mean')
    expect(names('softmax-cnn.onnx', ['mean', 'linear.*'])).toEqual([
      'mean',
      'linear.weight',
      'linear.bias',
    ])
  })

  it('include class tokens, positions, layer norms and matrices behind a transpose, not single constants', () => {
    const trained = names('transformer.onnx', ['*'])
    expect(trained).toEqual(expect.arrayContaining(['token', 'positions', 'n1.weight', 'up.bias']))
    expect(trained).toHaveLength(20)
    expect(names('constants.onnx', ['*'])).toEqual(['w_value', 'b_value'])
  })

  it('stay tied where several nodes share one', () => {
    const graph = promoteModel(modelFile('tied-mlp.onnx'), all)
    expect(graph.dim).toBe(48 * 48 + 48 + 5 * 48 + 5)
  })

  it('follow each other in x without gaps, with the values of the file', () => {
    const graph = promoteModel(modelFile('ir3-opset8.onnx'), all)
    expect(graph.trainables).toEqual([
      { name: 'labels', shape: [6, 3], size: 18, offset: 0 },
      { name: 'losses', shape: [3], size: 3, offset: 18 },
    ])
    expect(graph.labels).toBe('labels_2')
    expect(graph.losses).toBe('losses_2')
    const [first] = decodeModel(modelFile('ir3-opset8.onnx')).graph.initializer
    expect(new Uint8Array(graph.initialParams.slice(0, 18).buffer)).toEqual(
      new Uint8Array(first!.rawData),
    )
  })

  it('are read from float lists as well as from raw bytes', () => {
    const listed = smallModel(({ graph }) => {
      const [w] = graph!.initializer
      w!.floatData = Array.from({ length: 18 }, (_, i) => i)
      w!.rawData = new Uint8Array()
    })
    expect([...promoteModel(listed, all).initialParams]).toEqual([...Array(18).keys()])
  })
})

describe('inspecting a model', () => {
  it('lists shapes, operators and every weight, with the reason where one is not trained', () => {
    const summary = inspectModel(modelFile('batchnorm-cnn.onnx'))
    expect(summary).toMatchObject({
      producer: 'pytorch 1.13.0',
      opset: 13,
      inputs: [{ name: 'input', type: 'float32', shape: ['batch', 3, 8, 8] }],
      dim: 869,
      classifier: { features: 'input', logits: 'output', classes: 5 },
    })
    expect(summary.operators).toContainEqual({ name: 'Conv', count: 2 })
    expect(summary.weights.find((it) => it.name === 'n1.running_var')).toEqual({
      name: 'n1.running_var',
      shape: [8],
      size: 8,
      type: 'float32',
      training: 'on request',
      reason: 'a running statistic of BatchNormalization',
    })
  })

  it('survives as JSON, whatever the model', () => {
    for (const file of [...Object.keys(expectedLogits), 'float16', 'quantised', 'classical']) {
      if (file === 'cnn-mnist') continue
      const summary = inspectModel(modelFile(`${file}.onnx`))
      expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
      expect(summary.weights.length + Number(file === 'classical')).toBeGreaterThan(0)
    }
  })

  it('says what it took as the logits, what lies outside, and what is wrong', () => {
    expect(inspectModel(modelFile('softmax-cnn.onnx')).classifier?.notes[0]).toMatch(
      /ends in Softmax.*takes its input/,
    )
    expect(inspectModel(modelFile('external.onnx')).externalFiles).toEqual(['external.bin'])
    expect(inspectModel(modelFile('argmax.onnx')).problem?.what).toMatch(/none of its outputs/)
  })
})

describe('fields that we do not know', () => {
  /** Field 9 of a node and 99 of the model (one is ONNX's newer metadata_props, the other nobody's), length-delimited. */
  const unknown = (no: number) => ({ no, wireType: 2, data: Uint8Array.of(3, 1, 2, 3) })
  const foreign = smallModel((model) => {
    model.$unknown = [unknown(99)]
    model.graph!.$unknown = [unknown(98)]
    model.graph!.node[0]!.$unknown = [unknown(9)]
    model.metadataProps.push({
      $typeName: 'onnx.StringStringEntryProto',
      key: 'author',
      value: 'me',
    })
  })

  it.each([
    ['promotion', () => promoteModel(foreign, all).bytes],
    ['export', () => exportTrained(promoteModel(foreign, all), new Float32Array(18))],
  ])('survive %s', (_, bytesOf) => {
    const model = fromBinary(ModelProtoSchema, bytesOf())
    expect(model.$unknown).toEqual([unknown(99)])
    expect(model.graph!.$unknown).toEqual([unknown(98)])
    expect(model.graph!.node[0]!.$unknown).toEqual([unknown(9)])
    expect(model.metadataProps[0]).toMatchObject({ key: 'author', value: 'me' })
  })

  it('leave the file as it was when nothing is trained differently', () => {
    const back = exportTrained(promoteModel(foreign, all), new Float32Array(18).fill(0.5))
    expect(fromBinary(ModelProtoSchema, back)).toEqual(fromBinary(ModelProtoSchema, foreign))
  })
})

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
      'float16 weights',
      modelFile('float16.onnx'),
      'MODEL_NOT_TRAINABLE',
      /w float16 can't be trained/,
    ],
    [
      'quantised weights',
      modelFile('quantised.onnx'),
      'MODEL_NOT_TRAINABLE',
      /w_q quantised to int8.*DequantizeLinear/s,
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
      /no float32 weights to train/,
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
      /more than one answer/,
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
})

describe('what the file leaves open', () => {
  const open = smallModel(({ graph }) => {
    graph!.input[0] = valueInfo('x', 1, ['n', 'columns'])
    graph!.output[0] = valueInfo('output', 1, ['n', 'k'])
  })

  it('is settled by the dataset and by the weights', () => {
    const graph = promoteModel(open, { ...all, featureShape: [6] })
    expect(graph.featureShape).toEqual([6])
    expect(graph.classes).toBe(3)
  })

  it('contradicts a dataset of another shape', () => {
    const error = refusal(smallModel(), { ...all, featureShape: [1, 28, 28] })
    expect(error.message).toMatch(/takes samples of 6, and the dataset has 1 × 28 × 28/)
  })

  it('is the batch, even where the file fixed it', () => {
    const promoted = promoteModel(modelFile('fixed-batch.onnx'), all)
    expect(inspectInputs(promoted.bytes)[0]).toEqual(['rows', 3, 4, 4])
    const { graph } = fromBinary(
      ModelProtoSchema,
      toBinary(ModelProtoSchema, decodeModel(promoted.bytes)),
    )
    expect(graph!.valueInfo).toEqual([])
  })
})

function inspectInputs(bytes: Uint8Array) {
  return inspectModel(bytes).inputs.map((it) => it.shape)
}
