/**
 * Every gradient rule against central differences in float64, on graphs with known shapes and on
 * the same with open ones.
 */
import { readFileSync } from 'node:fs'
import { create } from '@bufbuild/protobuf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { attribute } from './attributes.ts'
import { differentiableOperators, differentiate } from '../../onnx/index.ts'
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type NodeProto,
  type TensorProto,
} from '../onnx.generated.ts'
import { encodeModel, node, valueInfo } from '../onnxModel.ts'
import { DataType, tensor } from '../tensorValues.ts'
import { arithmeticCases } from '../../testing/gradients/arithmeticCases.ts'
import type { CaseInput, GradientCase } from '../../testing/gradients/gradientCase.ts'
import { imageCases } from '../../testing/gradients/imageCases.ts'
import { layerCases } from '../../testing/gradients/layerCases.ts'
import { randomCases } from '../../testing/gradients/randomCases.ts'
import { recurrentCases } from '../../testing/gradients/recurrentCases.ts'
import { resizeCases } from '../../testing/gradients/resizeCases.ts'
import { structureCases } from '../../testing/gradients/structureCases.ts'

const cases = [
  ...arithmeticCases,
  ...structureCases,
  ...layerCases,
  ...imageCases,
  ...resizeCases,
  ...recurrentCases,
  ...randomCases,
]

/** Step of the differences, whose own error is about step² and 1e-16 / step. */
const STEP = 1e-5

type Floats = Float32Array | Float64Array

/** How a case is put into a model. */
interface Form {
  readonly precision: 'float32' | 'float64'
  /** Whether the file leaves all lengths of the inputs open. */
  readonly isOpen: boolean
}

const size = (shape: readonly number[]): number => shape.reduce((all, it) => all * it, 1)

const nameOf = (index: number): string => `x${index}`

/** A permutation of 0…n−1 that looks like none. */
function shuffled(n: number, salt: number): number[] {
  const keys = Array.from({ length: n }, (_, i) => Math.sin((i + 1) * 12.9898 + salt * 78.233))
  return keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!)
}

function valuesOf({ shape, values }: CaseInput, salt: number): Float64Array {
  if (typeof values !== 'string') return Float64Array.from(values)
  const count = size(shape)
  const gap = Math.min(0.25, 6 / count)
  return Float64Array.from(shuffled(count, salt), (at) =>
    values === 'positive' ? 0.3 + gap * at : gap * (at + 0.37 - count / 2),
  )
}

function isTrained(input: CaseInput | undefined): input is CaseInput {
  return input?.type === 'float' && input.fixed !== true
}

/** Integers lie in the file unless they are fed, as do floats without a gradient. */
function isFed(input: CaseInput | undefined): input is CaseInput {
  return input?.fed === true || input?.type === 'bool' || isTrained(input)
}

function feed(
  type: CaseInput['type'],
  shape: readonly number[],
  values: Floats,
  form: Form,
): Tensor {
  const list = Array.from(values)
  if (type === 'int64') return new Tensor('int64', BigInt64Array.from(list, BigInt), shape)
  if (type === 'bool') return new Tensor('bool', Uint8Array.from(list), shape)
  return form.precision === 'float64'
    ? new Tensor('float64', Float64Array.from(list), shape)
    : new Tensor('float32', Float32Array.from(list), shape)
}

function constant(name: string, input: CaseInput, values: Float64Array, form: Form): TensorProto {
  const { shape } = input
  if (input.type === 'int64') return tensor(name, shape, BigInt64Array.from([...values], BigInt))
  if (form.precision === 'float32') return tensor(name, shape, Float32Array.from(values))
  const [dims, doubleData] = [shape.map(BigInt), [...values]]
  return create(TensorProtoSchema, { name, dims, dataType: DataType.DOUBLE, doubleData })
}

const outputsOf = (it: GradientCase): string[] =>
  Array.from({ length: it.outputs ?? 1 }, (_, i) => `y${i}`)

/**
 * The operator as a model. With the shapes of its outputs y, the losses are all entries of y · c,
 * one after the other, c being inputs.
 */
function modelOf(
  it: GradientCase,
  form: Form,
  shapes?: readonly (readonly number[])[],
): Uint8Array {
  const float = form.precision === 'float64' ? DataType.DOUBLE : DataType.FLOAT
  const types = { float, int64: DataType.INT64, bool: DataType.BOOL }
  const lengths = (name: string, shape: readonly number[]) =>
    form.isOpen ? shape.map((_, axis) => `${name}_${axis}`) : shape
  const outputs = outputsOf(it)
  const nodes: NodeProto[] = [
    create(NodeProtoSchema, {
      opType: it.operator,
      name: 'checked',
      input: it.inputs.map((own, i) => (own === undefined ? '' : nameOf(i))),
      output: [
        ...new Array<string>(it.skippedOutputs ?? 0).fill(''),
        ...outputs,
        ...(it.operator === 'TopK' ? ['positions'] : []),
      ],
      attribute: Object.entries(it.attributes ?? {}).map(([name, value]) => attribute(name, value)),
    }),
  ]
  const initializer = it.inputs.flatMap((own, i) =>
    own === undefined || isFed(own) ? [] : [constant(nameOf(i), own, valuesOf(own, i), form)],
  )
  const input = it.inputs.flatMap((own, i) =>
    isFed(own) ? [valueInfo(nameOf(i), types[own.type], lengths(nameOf(i), own.shape))] : [],
  )
  let output = outputs.map((name) => valueInfo(name, float, []))
  for (const it of output)
    if (it.type?.value.case === 'tensorType') delete it.type.value.value.shape
  if (shapes !== undefined) {
    initializer.push(tensor('flat', [1], BigInt64Array.of(-1n)))
    const parts = shapes.map((shape, i) => {
      input.push(valueInfo(`c${i}`, float, lengths(`c${i}`, shape)))
      const product = node('Mul', [`y${i}`, `c${i}`], `product${i}`)
      nodes.push(product, node('Reshape', [`product${i}`, 'flat'], `part${i}`))
      return `part${i}`
    })
    nodes.push(node('Concat', parts, 'losses', { axis: 0 }))
    output = [valueInfo('losses', float, ['count'])]
  }
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: BigInt(it.opset ?? 17) }],
      graph: { name: 'case', node: nodes, initializer, input, output },
    }),
  )
}

async function open(bytes: Uint8Array): Promise<InferenceSession> {
  const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 }
  return InferenceSession.create(bytes, { ...threads, logSeverityLevel: 4 })
}

function feedsOf(it: GradientCase, values: readonly Float64Array[], form: Form) {
  const fed = it.inputs.flatMap((own, i) =>
    isFed(own) ? [[nameOf(i), feed(own.type, own.shape, values[i]!, form)] as const] : [],
  )
  return Object.fromEntries(fed)
}

async function run(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  names: readonly string[],
) {
  const outputs = await session.run(feeds, names)
  return names.map((name) => outputs[name] as Tensor & { data: Floats })
}

/**
 * ∂f/∂x of each trained input x by the gradient graph, f being the mean of all entries of y · c.
 */
async function gradientsOf(
  it: GradientCase,
  values: readonly Float64Array[],
  weights: readonly Tensor[],
  form: Form,
): Promise<Floats[]> {
  const trainables = it.inputs.flatMap((own, i) =>
    isTrained(own) ? [{ name: nameOf(i), shape: own.shape }] : [],
  )
  const bytes = modelOf(
    it,
    form,
    weights.map(({ dims }) => dims),
  )
  const { bytes: own, gradients } = differentiate({ bytes, trainables, losses: 'losses' })
  const session = await open(own)
  const feeds = feedsOf(it, values, form)
  weights.forEach(({ dims, data }, i) => {
    feeds[`c${i}`] = feed('float', dims, data as Floats, form)
  })
  const answers = await run(session, feeds, gradients)
  answers.forEach(({ dims }, i) => expect(dims).toEqual(trainables[i]!.shape))
  await session.release()
  return answers.map(({ data }) => data)
}

/** The same by central differences of the operator itself. */
async function differencesOf(
  it: GradientCase,
  values: readonly Float64Array[],
  weights: readonly Tensor[],
  outputs: () => Promise<readonly ArrayLike<number>[]>,
): Promise<Float64Array[]> {
  const count = weights.reduce((sum, { data }) => sum + data.length, 0)
  const mean = async (): Promise<number> => {
    let sum = 0
    const all = await outputs()
    all.forEach((y, i) => {
      const c = weights[i]!.data as Floats
      for (let j = 0; j < c.length; j++) sum += y[j]! * c[j]!
    })
    return sum / count
  }
  const results: Float64Array[] = []
  for (const [i, own] of it.inputs.entries()) {
    if (!isTrained(own)) continue
    const x = values[i]!
    const slopes = new Float64Array(x.length)
    for (let j = 0; j < x.length; j++) {
      const at = x[j]!
      x[j] = at + STEP
      const above = await mean()
      x[j] = at - STEP
      const below = await mean()
      x[j] = at
      slopes[j] = (above - below) / (2 * STEP)
    }
    results.push(slopes)
  }
  return results
}

/** The largest difference as a share of the largest entry. */
function error(found: readonly Floats[], expected: readonly Floats[]): number {
  const all = expected.flatMap((it) => [...it])
  const largest = Math.max(1e-3, ...all.map(Math.abs))
  const differences = found.flatMap((it) => [...it]).map((it, i) => Math.abs(it - all[i]!))
  return Math.max(...differences) / largest
}

/** The largest error seen in each precision. */
const worst = { float32: { error: 0, name: '' }, float64: { error: 0, name: '' } }

async function check(it: GradientCase): Promise<void> {
  const exact: Form = { precision: 'float64', isOpen: false }
  const single: Form = { precision: 'float32', isOpen: false }
  const values = it.inputs.map((own, i) => (own ? valuesOf(own, i) : new Float64Array()))
  const form = it.reference === undefined ? exact : single
  const forward = await open(modelOf(it, form))
  const names = outputsOf(it)
  const y = await run(forward, feedsOf(it, values, form), names)
  const weights = y.map(({ dims, data }, i) => {
    const c = Float64Array.from(
      shuffled(data.length, 100 + i),
      (at) => (at + 0.5) / data.length - 0.3,
    )
    return new Tensor('float64', c, dims)
  })
  const { reference } = it
  const outputs = async () =>
    reference === undefined
      ? (await run(forward, feedsOf(it, values, exact), names)).map(({ data }) => data)
      : [reference(values)]
  if (reference !== undefined) {
    expect(error([y[0]!.data], [reference(values)]), 'the reference itself').toBeLessThan(1e-5)
  }
  const expected = await differencesOf(it, values, weights, outputs)
  const forms = [exact, { ...exact, isOpen: true }, single, { ...single, isOpen: true }].filter(
    ({ precision, isOpen }) =>
      !(isOpen && it.fixedShapes === true) &&
      // Open shapes are open in either precision: once is enough.
      (reference === undefined ? !(precision === 'float32' && isOpen) : precision === 'float32'),
  )
  for (const form of forms) {
    const { precision, isOpen } = form
    const wrong = error(await gradientsOf(it, values, weights, form), expected)
    if (wrong > worst[precision].error) {
      worst[precision] = { error: wrong, name: `${it.operator} ${it.name}` }
    }
    expect(wrong, `${precision}, ${isOpen ? 'open' : 'known'} shapes`).toBeLessThan(
      precision === 'float64' ? 1e-7 : 1e-4,
    )
  }
  await forward.release()
}

const operators = [...new Set(cases.map((it) => it.operator))]

describe.each(operators)('the gradient of %s', (operator) => {
  it.each(cases.filter((it) => it.operator === operator))('$name', check)
})

describe('a recurrent layer that is not written out', () => {
  const [plain] = recurrentCases as [GradientCase]
  const form: Form = { precision: 'float32', isOpen: false }
  const refusal = (it: GradientCase, of: Form) => () => {
    const bytes = modelOf(it, of, [[3, 1, 2, 3]])
    return differentiate({ bytes, trainables: [{ name: 'x1', shape: [] }], losses: 'losses' })
  }

  it.each([
    [{ clip: { float: 1 } }, /checked: the gradient of LSTM with clipped gates is not known/],
    [{ layout: 1 }, /LSTM with rows before steps/],
    [{ input_forget: 1 }, /LSTM with coupled gates/],
  ])('says why: %o', (attributes, message) => {
    const other = { ...plain, attributes: { ...plain.attributes, ...attributes } }
    expect(refusal(other, form)).toThrow(message)
  })

  it('says that its length is open', () => {
    expect(refusal(plain, { ...form, isOpen: true })).toThrow(
      /LSTM over an unknown number of steps is not known\. Export the model with a fixed length/,
    )
  })
})

describe('docs/methods.md', () => {
  it('lists the operators that have a rule', () => {
    const page = readFileSync(new URL('../../../docs/methods.md', import.meta.url), 'utf8')
    const [, list = ''] = /a test compares them\. -->\n\n([^#]*?)\n\n/.exec(page) ?? []
    expect([...list.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(
      differentiableOperators(),
    )
  })
})

describe('the cases', () => {
  it('cover every rule', () => {
    const without = differentiableOperators().filter((it) => !operators.includes(it))
    expect(without).toEqual([])
    if (process.env['SHOW_ERRORS'] !== undefined) console.log(cases.length, worst)
  })
})
