import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  blockConvolutions,
  buildModel,
  promoteModel,
  type TrainableGraph,
} from '../core/model/index.ts'
import { ModelProtoSchema } from '../core/onnx/onnx.generated.ts'
import {
  encodeModel,
  node,
  valueInfo,
  type AttributeValue,
  type NodeProto,
} from '../core/onnx/onnxModel.ts'
import { tensor } from '../core/onnx/tensorValues.ts'
import { RandomStream } from '../core/random/index.ts'
import { GraphBuilder } from '../core/onnx/index.ts'
import { modelFile } from '../core/testing/models/index.ts'
import { openInLayout } from './layouts.ts'
import { openSession } from './sessions.ts'

const cnn = buildModel('cnn-mnist', { featureShape: [1, 8, 8], classes: 10 }, 365)

/** This machine's blocked layout; the tests of its arithmetic need one. */
const blockedHere = await machineLayout()

async function machineLayout() {
  for (const name of ['nchwc16', 'nchwc8'] as const) {
    const { session, layout } = await openInLayout(cnn, 'cpu', name)
    await session.release()
    if (layout === name) return { name, block: Number(name.slice('nchwc'.length)) }
  }
  return undefined
}

/** Writes a network as a list of layers; each returns the name of its value. */
class Network {
  readonly #nodes: NodeProto[] = []
  readonly #weights = new Map<string, readonly number[]>()

  /** @param kernel [height, width] */
  convolution(
    x: string,
    [inputs, outputs]: readonly [number, number],
    kernel: readonly [number, number],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    hasBias = true,
  ): string {
    const name = `c${this.#nodes.length}`
    const groups = Number(attributes['group'] ?? 1)
    this.#weights.set(`${name}.w`, [outputs, inputs / groups, ...kernel])
    if (hasBias) this.#weights.set(`${name}.b`, [outputs])
    const weights = hasBias ? [`${name}.w`, `${name}.b`] : [`${name}.w`]
    return this.node('Conv', [x, ...weights], { kernel_shape: kernel, ...attributes })
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const name = `v${this.#nodes.length}`
    this.#nodes.push(node(opType, inputs, name, attributes))
    return name
  }

  /** The channels of `x`, averaged over the image, are the logits. */
  finish(x: string, featureShape: readonly number[], classes: number): TrainableGraph {
    this.node('Flatten', [this.node('GlobalAveragePool', [x])], { axis: 1 })
    this.#nodes.at(-1)!.output = ['logits']
    const stream = new RandomStream(7, 'initialisation', 0)
    const bytes = encodeModel(
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [{ domain: '', version: 17n }],
        graph: {
          name: 'test',
          node: this.#nodes,
          initializer: [...this.#weights].map(([name, shape]) => {
            const size = shape.reduce((product, length) => product * length, 1)
            return tensor(
              name,
              shape,
              Float32Array.from({ length: size }, () => stream.uniform() - 0.5),
            )
          }),
          input: [valueInfo('x', 1, ['n', ...featureShape])],
          output: [valueInfo('logits', 1, ['n', classes])],
        },
      }),
    )
    return promoteModel(bytes, { trainable: ['*'] })
  }
}

const networks: Record<string, () => TrainableGraph> = {
  'channels that fill no block, uneven pads and strides': () => {
    const net = new Network()
    const a = net.node('Relu', [net.convolution('x', [1, 5], [3, 3], { pads: [1, 1, 1, 1] })])
    const b = net.node('MaxPool', [a], { kernel_shape: [2, 2], strides: [2, 2] })
    const c = net.convolution(b, [5, 20], [5, 3], { pads: [2, 0, 1, 1], strides: [2, 1] })
    return net.finish(net.convolution(c, [20, 7], [1, 1]), [1, 11, 13], 7)
  },
  'more plain channels than a block, not a multiple of it; no bias; dilated; padded by name':
    () => {
      const net = new Network()
      const a = net.convolution('x', [20, 33], [3, 3], { dilations: [2, 2] }, false)
      return net.finish(
        net.convolution(net.node('Tanh', [a]), [33, 3], [2, 2], { auto_pad: 'SAME_UPPER' }),
        [20, 9, 9],
        3,
      )
    },
  'depthwise and residual, with values that are read twice': () => {
    const net = new Network()
    const a = net.convolution('x', [3, 24], [3, 3], { strides: [2, 2] })
    const pads = { pads: [1, 1, 1, 1] }
    const b = net.node('Relu', [net.convolution(a, [24, 24], [3, 3], { ...pads, group: 24 })])
    const c = net.node('Relu', [net.node('Add', [net.convolution(b, [24, 24], [1, 1]), a])])
    return net.finish(net.node('Add', [c, net.node('Relu', [a])]), [3, 12, 12], 24)
  },
  'layers between that know no blocks': () => {
    const net = new Network()
    const a = net.node('Relu', [net.convolution('x', [4, 16], [3, 3])])
    const b = net.convolution(a, [16, 16], [3, 3], { group: 2 })
    const c = net.node('AveragePool', [net.convolution(b, [16, 32], [2, 2])], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      count_include_pad: 1,
    })
    const d = net.node('Softmax', [c], { axis: 1 })
    return net.finish(net.convolution(net.node('Add', [d, c]), [32, 6], [1, 1]), [4, 12, 12], 6)
  },
  'channels that the runtime brings into no blocks': () => {
    const net = new Network()
    const a = net.convolution('x', [3, 3], [3, 3], { group: 3 })
    const b = net.node('Softmax', [net.convolution(a, [3, 18], [3, 3])], { axis: 1 })
    return net.finish(net.convolution(b, [18, 4], [3, 3]), [3, 8, 8], 4)
  },
  'the MNIST CNN': () => cnn,
  'the Fashion CNN': () =>
    buildModel('cnn-fashion', { featureShape: [1, 12, 12], classes: 62 }, 365),
  'a foreign CNN': () => promoteModel(modelFile('softmax-cnn.onnx'), { trainable: ['*'] }),
  'a foreign CNN with batch normalisation': () =>
    promoteModel(modelFile('batchnorm-cnn.onnx'), { trainable: ['*'] }),
}

describe('the blocked graph', () => {
  it.skipIf(blockedHere === undefined).each(Object.keys(networks))(
    'gives the losses and logits of the plain one: %s',
    async (name) => {
      const graph = networks[name]!()
      const blocked = blockConvolutions(graph, blockedHere!.block)!
      expect(blocked.trainables.some(({ packing }) => packing !== undefined)).toBe(true)
      const sessions = [await openSession(graph), await openSession(blocked)] as const
      const size = graph.featureShape.reduce((product, length) => product * length, 1)
      const stream = new RandomStream(1, 'initialisation', 0)
      const params = graph.initialParams.slice()
      for (const rows of [1, 3]) {
        const features = Float32Array.from({ length: rows * size }, () => stream.uniform())
        const labels = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i))
        const [plain, other] = await Promise.all(
          sessions.map((session) => session.run(params, features, labels, true)),
        )
        for (const key of ['losses', 'logits'] as const) {
          expect(plain![key]!.some((it) => it !== 0)).toBe(true)
          other![key]!.forEach((it, i) => expect(it).toBeCloseTo(plain![key]![i]!, 5))
        }
        // The same memory with other values must be packed anew.
        params.forEach((_, j) => (params[j]! += 0.1 * (stream.uniform() - 0.5)))
      }
      for (const session of sessions) await session.release()
    },
  )

  it('is not made of a model without convolutions to train', () => {
    const mlp = buildModel('mlp', { featureShape: [4], classes: 3 }, 1)
    expect(blockConvolutions(mlp, 16)).toBeUndefined()
    const head = promoteModel(modelFile('softmax-cnn.onnx'), { trainable: ['linear.*'] })
    expect(blockConvolutions(head, 16)).toBeUndefined()
  })
})

describe('choosing a layout', () => {
  it('takes the plain one where it is asked for, where nothing fits, and off the CPU', async () => {
    const mlp = buildModel('mlp', { featureShape: [4], classes: 3 }, 1)
    for (const [graph, requested] of [
      [cnn, 'plain'],
      [mlp, 'auto'],
      [mlp, 'nchwc16'],
    ] as const) {
      const { session, layout, notices } = await openInLayout(graph, 'cpu', requested)
      expect({ layout, notices }).toEqual({ layout: 'plain', notices: [] })
      await session.release()
    }
  })

  it.skipIf(blockedHere === undefined)(
    'takes blocks unless most of them is padding, and asks no clock',
    async () => {
      const network = (...[first, second]: readonly [number, number]) => {
        const builder = new GraphBuilder([1, 8, 8], (size) => new Float32Array(size).fill(0.1))
        const inner = builder.convolution('conv1', builder.features, first, 3, 1)
        const outer = builder.flatten('flat', builder.convolution('conv2', inner, second, 3, 1))
        return promoteModel(
          encodeModel(builder.finish('padded', builder.linear('linear', outer, 3))),
          { trainable: ['*'] },
        )
      }
      for (const [graph, expected] of [
        [network(16, 16), blockedHere!.name],
        [network(1, 2), 'plain'],
      ] as const) {
        const { session, layout } = await openInLayout(graph, 'cpu', 'auto')
        expect(layout).toBe(expected)
        await session.release()
      }
    },
  )

  it('falls back to the plain one, and says so, when the blocks asked for are not those of this machine', async () => {
    const wrong = blockedHere?.name === 'nchwc16' ? 'nchwc8' : 'nchwc16'
    const { session, layout, notices } = await openInLayout(cnn, 'cpu', wrong)
    expect(layout).toBe('plain')
    expect(notices.join()).toContain(wrong)
    await session.release()
  })

  it('finds out wrong blocks even where the last layer starts at zero', async () => {
    const last = cnn.trainables.find(({ name }) => name === 'linear.weight')!
    const blind = { ...cnn, initialParams: cnn.initialParams.slice().fill(0, last.offset) }
    const wrong = blockedHere?.name === 'nchwc16' ? 'nchwc8' : 'nchwc16'
    const { session, layout } = await openInLayout(blind, 'cpu', wrong)
    expect(layout).toBe('plain')
    await session.release()
  })
})
