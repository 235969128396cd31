/**
 * Gradients of whole models: against PyTorch's in float64, and against central differences of the
 * losses.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { create } from '@bufbuild/protobuf'
import { buildModel, promoteModel, type TrainableGraph } from './index.ts'
import { differentiate, externalDataFrom } from '../onnx/index.ts'
import { NodeProtoSchema } from '../onnx/onnx.generated.ts'
import { node } from '../onnx/onnxModel.ts'
import { tensor } from '../onnx/tensorValues.ts'
import { smallModel } from '../testing/smallModel.ts'
import { RandomStream } from '../random/index.ts'
import { expectedLogits, modelFile, oracleFeatures } from '../testing/models/index.ts'
import { openGradientSession } from '../../platform/gradientSession.ts'
import { openSession } from '../../platform/sessions.ts'

interface ExpectedGradient {
  readonly loss: number
  /** Of built-in models: w_j = scale · ((53 j + 7) mod 103 / 51 − 1). */
  readonly scale?: number
  /** Every `stride`th entry, and the norm of all, by tensor. */
  readonly tensors: Readonly<
    Record<string, { readonly norm: number; readonly stride: number; readonly values: number[] }>
  >
}

const expectedGradients = JSON.parse(
  readFileSync(new URL('../testing/gradients/expected.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, ExpectedGradient>>

const ROWS = 4
const externalData = externalDataFrom(new Map([['external.bin', [modelFile('external.bin')]]]))

const foreign = Object.keys(expectedLogits).filter((it) => it !== 'cnn-mnist')

function graphCalled(name: string): TrainableGraph {
  if (foreign.includes(name)) {
    return promoteModel(modelFile(`${name}.onnx`), { trainable: ['*'], externalData })
  }
  const classes = name === 'cnn-fashion' ? 62 : 10
  return buildModel(name, { featureShape: [1, 28, 28], classes }, 365)
}

function paramsOf(graph: TrainableGraph, scale: number | undefined): Float32Array {
  if (scale === undefined) return graph.initialParams
  return graph.initialParams.map((_, j) => scale * (((53 * j + 7) % 103) / 51 - 1))
}

function batchOf(graph: TrainableGraph, rows: number) {
  const featureSize = graph.featureShape.reduce((product, length) => product * length, 1)
  const features = oracleFeatures(rows * featureSize)
  const labels = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % graph.classes))
  return { features, labels }
}

async function gradientOf(graph: TrainableGraph, params: Float32Array, rows: number) {
  const session = await openGradientSession(differentiate(graph))
  const { features, labels } = batchOf(graph, rows)
  const gradient = new Float32Array(graph.dim).fill(NaN)
  const loss = await session.run(params, features, labels, gradient)
  await session.release()
  return { loss, gradient }
}

/**
 * What Relu units that switch within a step may change; at steps without any the slopes agree to
 * 3e-8.
 */
const KINKS = 0.03

const norm = (x: Iterable<number>): number => Math.hypot(...x)

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, it, j) => sum + it * b[j]!, 0)

describe('the gradient of a whole model', () => {
  it.each(Object.entries(expectedGradients))("of %s is PyTorch's", async (name, expected) => {
    const graph = graphCalled(name)
    const { loss, gradient } = await gradientOf(graph, paramsOf(graph, expected.scale), ROWS)
    expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-5)
    expect(graph.trainables.map((it) => it.name).toSorted()).toEqual(
      Object.keys(expected.tensors).toSorted(),
    )
    const whole = norm(Object.values(expected.tensors).map((it) => it.norm))
    let worst = 0
    for (const { name, offset, size } of graph.trainables) {
      const own = gradient.subarray(offset, offset + size)
      const { norm: length, stride, values } = expected.tensors[name]!
      const sum = Math.sqrt(own.reduce((total, it) => total + it * it, 0))
      // The bias of attention's keys has no influence at all: there only rounding is left.
      const scale = Math.max(length, 1e-3 * whole)
      const differences = values.map((it, i) => own[i * stride]! - it)
      worst = Math.max(worst, Math.abs(sum - length) / scale)
      worst = Math.max(worst, norm(differences) / Math.max(norm(values), 1e-3 * whole))
    }
    if (process.env['SHOW_ERRORS'] !== undefined) console.log(name, worst)
    expect(worst).toBeLessThan(1e-4)
  })

  it.each([...foreign, 'softmax', 'mlp', 'cnn-mnist'])(
    'of %s is the slope of its loss in any direction',
    async (name) => {
      const graph = graphCalled(name)
      const params = graph.initialParams
      const { gradient } = await gradientOf(graph, params, 6)
      const { features, labels } = batchOf(graph, 6)
      const losses = await openSession(graph)
      const meanAt = async (step: number, direction: Float32Array): Promise<number> => {
        const shifted = params.map((x, j) => x + step * direction[j]!)
        const answer = await losses.run(shifted, features, labels, false)
        return answer.losses.reduce((sum, it) => sum + it, 0) / 6
      }
      const length = Math.sqrt(dot(gradient, gradient))
      const noise = new RandomStream(7, 'objective')
      const along = gradient.map((it) => it / length)
      const random = gradient.map(
        (it) => it / length + (0.3 * noise.normal()) / Math.sqrt(graph.dim),
      )
      for (const direction of [along, random]) {
        // Short enough to cross few kinks, long enough for losses that are float32.
        const step = 3e-4
        const slope = (await meanAt(step, direction)) - (await meanAt(-step, direction))
        expect(Math.abs(slope / (2 * step) / dot(gradient, direction) - 1)).toBeLessThan(KINKS)
      }
      await losses.release()
    },
  )
})

describe('a gradient session', () => {
  const graph = buildModel('mlp', { featureShape: [6], classes: 3, hidden: [5] }, 7)

  it('gives the mean over the rows, however many there are', async () => {
    const session = await openGradientSession(differentiate(graph))
    const { features, labels } = batchOf(graph, 5)
    const whole = new Float32Array(graph.dim)
    const loss = await session.run(graph.initialParams, features, labels, whole)
    const sum = new Float32Array(graph.dim)
    const one = new Float32Array(graph.dim)
    let losses = 0
    for (let row = 0; row < 5; row++) {
      const own = features.slice(6 * row, 6 * row + 6)
      losses += await session.run(graph.initialParams, own, labels.slice(row, row + 1), one)
      one.forEach((it, j) => (sum[j]! += it / 5))
    }
    expect(losses / 5).toBeCloseTo(loss, 6)
    whole.forEach((it, j) => expect(sum[j]).toBeCloseTo(it, 6))
    await session.release()
  })

  it('reads and writes the memory that it is given, wherever it lies', async () => {
    const session = await openGradientSession(differentiate(graph))
    const { features, labels } = batchOf(graph, 4)
    const memory = new Float32Array(1024)
    const params = memory.subarray(16, 16 + graph.dim)
    const gradient = memory.subarray(512, 512 + graph.dim)
    params.set(graph.initialParams)
    await session.run(params, features, labels, gradient)
    const first = gradient.slice()
    expect(norm(first)).toBeGreaterThan(0)
    params[0]! += 1
    await session.run(params, features, labels, gradient)
    expect(gradient).not.toEqual(first)
    expect(memory.subarray(512 + graph.dim).every((it) => it === 0)).toBe(true)
    for (let copy = 0; copy < 10; copy++) {
      const other = new Float32Array(graph.dim)
      await session.run(graph.initialParams.slice(), features, labels, other)
      expect(other).toEqual(first)
    }
    await session.release()
  })

  it('descends', async () => {
    const session = await openGradientSession(differentiate(graph))
    const { features, labels } = batchOf(graph, 6)
    const params = graph.initialParams.slice()
    const gradient = new Float32Array(graph.dim)
    const losses: number[] = []
    for (let step = 0; step < 200; step++) {
      losses.push(await session.run(params, features, labels, gradient))
      params.forEach((_, j) => (params[j]! -= 0.3 * gradient[j]!))
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 4)
    await session.release()
  })
})

describe('what has no gradient', () => {
  const differentiated = (change: Parameters<typeof smallModel>[0]) => () =>
    differentiate(promoteModel(smallModel(change), { trainable: ['w'] }))

  it('is named by operator and node, with what to do', () => {
    const inverted = differentiated(({ graph }) => {
      graph!.node = [node('MatMul', ['x', 'w'], 'y'), node('Mod', ['y', 'y'], 'output')]
    })
    expect(inverted).toThrow(/output.*no gradient rule for the operator Mod.*zeroth-order method/)
    const custom = differentiated(({ graph }) => {
      const own = create(NodeProtoSchema, { opType: 'QuickGelu', domain: 'com.microsoft' })
      graph!.node = [node('MatMul', ['x', 'w'], 'y'), { ...own, input: ['y'], output: ['output'] }]
    })
    expect(custom).toThrow(/QuickGelu of com\.microsoft/)
  })

  it('is all named, and before what is missing for what has one', () => {
    const two = differentiated(({ graph }) => {
      graph!.node = [
        node('MatMul', ['x', 'w'], 'y'),
        node('Det', ['y'], 'z'),
        node('Mod', ['z', 'z'], 'v'),
        node('MatMul', ['x', 'v'], 'output'),
      ]
    })
    expect(two).toThrow(/z: there is no gradient rule for the operators Det, Mod/)
  })

  it('does not matter where it lies beside the way from the weights to the loss', () => {
    const before = differentiated(({ graph }) => {
      graph!.node = [node('Mod', ['x', 'x'], 'y'), node('MatMul', ['y', 'w'], 'output')]
    })
    expect(before).not.toThrow()
  })

  it('includes old forms of operators that mean something else today', () => {
    const scaled = differentiated((model) => {
      model.opsetImport[0]!.version = 9n
      const scales = tensor('scales', [2], Float32Array.of(1, 1))
      model.graph!.initializer.push(scales)
      model.graph!.node = [
        node('Upsample', ['x', 'scales'], 'y'),
        node('MatMul', ['y', 'w'], 'output'),
      ]
    })
    expect(scaled).toThrow(/Upsample in this file's old form.*opset_version 18/)
  })
})
