import { create, fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { expectedLogits, modelFile } from '../testing/models/index.ts'
import { smallModel } from '../testing/smallModel.ts'
import { exportTrained } from './exportModel.ts'
import { inspectModel } from './inspect.ts'
import { ModelProtoSchema, NodeProtoSchema, TensorProtoSchema } from '../onnx/onnx.generated.ts'
import { decodeModel, node, valueInfo } from '../onnx/onnxModel.ts'
import { tensor } from '../onnx/tensorValues.ts'
import { promoteModel } from './promote.ts'

const all = { trainable: ['*'] }

const names = (file: string, trainable: readonly string[]) =>
  promoteModel(modelFile(file), { trainable }).trainables.map((it) => it.name)

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

describe('dropout', () => {
  it('of nothing is no dropout, in training mode either, as in attention that PyTorch wrote out', () => {
    const idle = smallModel(({ graph }) => {
      graph!.initializer.push(
        tensor('ratio', [], Float32Array.of(0)),
        create(TensorProtoSchema, { name: 'yes', dataType: 9, rawData: Uint8Array.of(1) }),
      )
      graph!.node = [
        create(NodeProtoSchema, { opType: 'Dropout', input: ['x', 'ratio', 'yes'], output: ['y'] }),
        node('MatMul', ['y', 'w'], 'output'),
      ]
    })
    expect(promoteModel(idle, all).dim).toBe(18)
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
    const weightless = smallModel(({ graph }) => {
      graph!.node = [node('Relu', ['x'], 'output')]
      graph!.initializer = []
    })
    expect(inspectModel(weightless).problem?.what).toMatch(/no float weights to train/)
  })
})

describe('fields that we do not know', () => {
  /**
   * Field 9 of a node and 99 of the model (one is ONNX's newer metadata_props, the other nobody's),
   * length-delimited.
   */
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

  it('takes images flat where one length is open, and refuses what does not fit', () => {
    const images = smallModel(({ graph }) => {
      graph!.input[0] = valueInfo('x', 1, ['n', 'columns'])
    })
    expect(promoteModel(images, { ...all, featureShape: [1, 2, 3] }).featureShape).toEqual([6])
    const boxes = smallModel(({ graph }) => {
      graph!.input[0] = valueInfo('x', 1, ['n', 'height', 'width', 4])
    })
    expect(() => promoteModel(boxes, { ...all, featureShape: [1, 2, 3] })).toThrow(
      /dynamic shapes that can't be resolved: samples of 1 × 2 × 3 don't fit its height × width × 4/,
    )
  })

  it('takes grey images with their channel behind', () => {
    const images = smallModel(({ graph }) => {
      graph!.input[0] = valueInfo('x', 1, ['n', 'height', 'width', 1])
      graph!.node = [node('Flatten', ['x'], 'flat'), node('MatMul', ['flat', 'w'], 'output')]
    })
    const { featureShape } = promoteModel(images, { ...all, featureShape: [1, 2, 3] })
    expect(featureShape).toEqual([2, 3, 1])
  })

  it('is the batch, even where the file fixed it', () => {
    const promoted = promoteModel(modelFile('fixed-batch.onnx'), all)
    expect(inspectModel(promoted.bytes).inputs[0]?.shape).toEqual(['rows', 3, 4, 4])
    expect(decodeModel(promoted.bytes).graph.valueInfo).toEqual([])
  })
})
