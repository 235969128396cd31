/**
 * Constants that stand where weights stand and are none: masks, single numbers, the ones and zeros
 * of a normalisation without weights. And the reverse: a single number that is a bias.
 */
import { isExternal } from './externalData.ts'
import { constantCalled, type GraphFacts } from './graphFacts.ts'
import { elementwise, floatTypes, views } from './madeWeights.ts'
import {
  integersAttribute,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './onnxModel.ts'
import { float32Values, shapeOf, sizeOf } from './tensorValues.ts'

/** Why the constants of a model's own scaling are not trained. */
export const SCALES_INPUT = 'scales the input data'

/** Why a single number in the place of weights is not trained. */
export const SINGLE_NUMBER = 'a single number'

interface Constant {
  readonly tensor: TensorProto
  readonly name: string
  readonly origin: 'initializer' | 'constant'
}

interface Surroundings {
  readonly graph: GraphProto
  readonly facts: GraphFacts
  /** Values that depend on the data. */
  readonly dependents: ReadonlySet<string>
}

/** Operators whose inputs 1 and 2 scale and shift what they have normalised. */
const normalisations = new Set([
  ...['BatchNormalization', 'InstanceNormalization', 'LayerNormalization', 'GroupNormalization'],
  ...['RMSNormalization', 'SimplifiedLayerNormalization'],
])

/** Operators that put weights to data; a bias is added to what they give. */
const products = new Set(['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Einsum', 'FusedMatMul'])

/** Names that exporters make up for values which no module of the author's has. */
const madeUpName =
  /^(onnx::.*|val_\d+|\d+|const_fold_opt__\d+)$|(^|[/.])Constant(_\d+)?(_output_\d+)?$/

/** A logarithm of nothing: what a mask adds to the scores that it hides is this or less. */
const HIDING = -1e4

/** Why a constant in a weight's place is no weight; undefined if it is one. */
export function standInOf(
  { tensor, name, origin }: Constant,
  surroundings: Surroundings,
): string | undefined {
  const { facts } = surroundings
  const shape = shapeOf(tensor)
  const uses = facts.uses.get(name) ?? []
  const isMadeUp = origin === 'constant' || madeUpName.test(name)
  const isScaling = uses.every(({ node, input }) => normalisations.has(node.opType) && input > 0)
  const isGroup = uses.every(
    ({ node }) =>
      node.opType === 'InstanceNormalization' &&
      facts.producers.get(node.input[0] ?? '')?.opType === 'Reshape',
  )
  if (isScaling && (isMadeUp || isGroup) && isConstantly(tensor, uses[0]!.input === 1 ? 1 : 0))
    return 'ones or zeros by which a normalisation without weights is written'
  const isSingle = sizeOf(shape) === 1
  const isSlope = uses.some(({ node }) => node.opType === 'PRelu')
  const isBroadcast = uses.some(
    ({ node, input }) => node.opType === 'Gemm' && input === 2 && shape.length < 1,
  )
  if (isSingle && (origin === 'constant' || (shape.length === 0 && !isSlope) || isBroadcast))
    return isBias(name, shape, surroundings) ? undefined : SINGLE_NUMBER
  const isSum = uses.every(({ node }) => elementwise.has(node.opType))
  const isUniform = origin === 'constant' && isSum && isConstantly(tensor)
  if (isUniform && !isBias(name, shape, surroundings)) return 'the same number throughout'
  return isMask(tensor, name, facts) ? 'a mask' : undefined
}

/**
 * Why a single number that is multiplied with data or added to it is not trained; undefined for the
 * small numbers that operators are made of, which exporters name themselves.
 *
 * @param scaled values that are still the data, no layer's output
 */
export function singleOf(
  { name, origin }: Constant,
  { facts, dependents }: Surroundings,
  scaled: ReadonlySet<string>,
): string | undefined {
  const beside = (facts.uses.get(name) ?? [])
    .filter(({ node }) => elementwise.has(node.opType))
    .flatMap(({ node, input }) => node.input.filter((_, index) => index !== input))
  if (beside.some((it) => scaled.has(it))) return SCALES_INPUT
  const isNamed = origin === 'initializer' && !madeUpName.test(name)
  return isNamed && beside.some((it) => dependents.has(it)) ? SINGLE_NUMBER : undefined
}

/** Whether a tensor is added to what a layer's product gives, one number for each of its units. */
export function isBias(name: string, shape: readonly number[], surroundings: Surroundings) {
  const { facts, dependents } = surroundings
  const uses = facts.uses.get(name) ?? []
  return (
    uses.length > 0 &&
    uses.every(({ node, input }) => {
      const product = facts.producers.get(node.input[1 - input] ?? '')
      if (node.opType !== 'Add' || product === undefined || !products.has(product.opType))
        return false
      if (sizeOf(shape) > 1) return true
      const weight = product.input.find((it) => !dependents.has(it))
      return (
        shape.length > 0 && weight !== undefined && unitsOf(weight, product, surroundings) === 1
      )
    })
  )
}

/** How many numbers a product gives for each row, where its weight tells. */
function unitsOf(weight: string, { opType }: NodeProto, { graph, facts }: Surroundings) {
  const producer = facts.producers.get(weight)
  const isTurned = producer?.opType === 'Transpose'
  const stored = constantCalled(isTurned ? (producer.input[0] ?? '') : weight, graph, facts)
  if (stored === undefined) return undefined
  const shape = shapeOf(stored)
  const order = (isTurned ? integersAttribute(producer, 'perm') : undefined) ?? []
  const turned = isTurned
    ? shape.map((_, axis) => shape[order[axis] ?? shape.length - 1 - axis])
    : shape
  return opType === 'Conv' ? turned[0] : turned.at(-1)
}

/**
 * Ones and zeros that cut weights or values out, or zeros and numbers so low that nothing is left
 * of the scores that they are added to.
 */
function isMask(tensor: TensorProto, name: string, facts: GraphFacts): boolean {
  const readers = readersOf(name, facts).map(({ opType }) => opType)
  const isFactor = readers.every((it) => it === 'Mul')
  if (!isFactor && readers.some((it) => it !== 'Add')) return false
  const values = valuesOf(tensor)
  if (!values.includes(0)) return false
  return isFactor
    ? values.includes(1) && values.every((it) => it === 0 || it === 1)
    : values.some((it) => it <= HIDING) && values.every((it) => it === 0 || it <= HIDING)
}

/** The nodes that read a value, behind views of it. */
function readersOf(name: string, { uses }: GraphFacts): NodeProto[] {
  const seen = new Set([name])
  const readers: NodeProto[] = []
  for (const value of seen)
    for (const { node } of uses.get(value) ?? [])
      if (views.has(node.opType) || node.opType === 'Cast')
        for (const output of node.output) seen.add(output)
      else readers.push(node)
  return readers
}

/** Whether all values are the same. @param wanted which; any if left out */
function isConstantly(tensor: TensorProto, wanted?: number): boolean {
  const values = valuesOf(tensor)
  return values.length > 0 && values.every((value) => value === (wanted ?? values[0]))
}

/** None where they lie beside the file, or are drawn later. */
function valuesOf(tensor: TensorProto): Float32Array {
  const isHere = listed.some((list) => tensor[list].length > 0)
  if (!isHere || isExternal(tensor) || !floatTypes.has(tensor.dataType)) return new Float32Array()
  return float32Values(tensor)
}

const listed = ['rawData', 'floatData', 'doubleData', 'int32Data'] as const
