/**
 * Which tensors of an ONNX file are weights that training may change. The places where operators
 * read them decide; the rules are the tables below, and they also say why a tensor is not trained.
 */
import { own } from '../base/index.ts'
import { nodesBehind, type GraphFacts } from './graphFacts.ts'
import {
  becomesFloat,
  elementwise,
  floatTypes,
  functionsBehind,
  looksTrained,
  madeTensor,
  tensorsInside,
  tensorsOfFunction,
} from './madeWeights.ts'
import type { FunctionProto } from './onnx.generated.ts'
import { constantTensor, type GraphProto, type NodeProto, type TensorProto } from './onnxModel.ts'
import { isBias, SCALES_INPUT, singleOf, standInOf } from './standIns.ts'
import { DataType, shapeOf, sizeOf, typeName } from './tensorValues.ts'

/** Why weights that are handed to functions are not trained. */
export const READ_IN_FUNCTION = 'is read inside a function of the file'

/** A tensor of the file, as people see it. Serialisable. */
export interface WeightSummary {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  /** Element type, such as float32. */
  readonly type: string
  /**
   * `trained`: changed by the pattern `*`; `on request`: only by its full name, because training
   * does not usually change it; `fixed`: can't be trained.
   */
  readonly training: 'trained' | 'on request' | 'fixed'
  /** Why it is not `trained`. */
  readonly reason?: string
}

export interface Weight extends WeightSummary {
  readonly tensor: TensorProto
  readonly origin: 'initializer' | 'constant'
}

/** What is known of the graph around the weights, for a classifier or a decoder. */
export interface WeightContext {
  readonly graph: GraphProto
  readonly facts: GraphFacts
  /** The input that takes the data. */
  readonly features: { readonly name: string }
  /** Values that depend on it. */
  readonly dependents: ReadonlySet<string>
  readonly logits: string
  /** The file's own functions. */
  readonly functions: readonly FunctionProto[]
}

/** Inputs of operators that hold learned weights. */
const learnedInputs: Readonly<Record<string, readonly number[]>> = {
  Gemm: [0, 1, 2],
  MatMul: [0, 1],
  FusedMatMul: [0, 1],
  FusedGemm: [0, 1, 2],
  FusedConv: [1, 2],
  Einsum: [0, 1, 2, 3],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  BatchNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  GroupNormalization: [1, 2],
  RMSNormalization: [1],
  SimplifiedLayerNormalization: [1],
  SkipLayerNormalization: [2, 3, 4],
  SkipSimplifiedLayerNormalization: [2, 3],
  PRelu: [1],
  Gather: [0],
  GatherBlockQuantized: [0],
  LSTM: [1, 2, 3],
  GRU: [1, 2, 3],
  RNN: [1, 2, 3],
  Attention: [1, 2],
  BiasGelu: [1],
  FastGelu: [1],
  QLinearConv: [3],
  QLinearMatMul: [3],
  ConvInteger: [1],
  MatMulInteger: [1],
  MatMulNBits: [1],
}

/** Inputs that hold running statistics: data, not the result of descent. */
const statisticInputs: Readonly<Record<string, readonly number[]>> = { BatchNormalization: [3, 4] }

/**
 * Operators that only move, view or convert their first inputs; the use of their output shows what
 * the tensor is.
 */
const passing = new Set([
  ...['Identity', 'Transpose', 'Reshape', 'Unsqueeze', 'Squeeze', 'Flatten', 'Expand', 'Cast'],
  ...['Slice', 'Split', 'DequantizeLinear', 'Concat', 'Tile'],
])

/** uint8, int8, the eight-bit floats and smaller types. */
const quantisedTypes = new Set<number>([DataType.UINT8, DataType.INT8, 17, 18, 19, 20, 21, 22, 23])

type Role =
  | { readonly kind: 'weight' }
  | { readonly kind: 'statistic' }
  | { readonly kind: 'normalisation' }
  | { readonly kind: 'constant'; readonly operator: string }

/** From the most to the least specific: a tensor with several uses counts as the first of them. */
const precedence: readonly Role['kind'][] = ['weight', 'statistic', 'normalisation', 'constant']

/**
 * Lists the file's tensors of floating-point or quantised weights: initializers in the file's
 * order, then Constant nodes. Left out are shapes, indices and single numbers such as an epsilon.
 */
export function findWeights(context: WeightContext): Weight[] {
  const { graph } = context
  const needed = new Set(nodesBehind(graph, context.logits).flatMap((it) => it.input))
  const scaled = scaledFeatures(context)
  const roleOf = rolesIn(context, scaled)
  const weights: Weight[] = []
  const consider = (tensor: TensorProto, name: string, origin: Weight['origin']): void => {
    const shape = shapeOf(tensor)
    const found = roleOf(name, shape)
    const isSingle = found?.kind === 'constant' && sizeOf(shape) === 1
    const role: Role | undefined =
      isSingle && isBias(name, shape, context) ? { kind: 'weight' } : found
    const isFloat = floatTypes.has(tensor.dataType)
    const isConverted =
      role?.kind === 'weight' &&
      (quantisedTypes.has(tensor.dataType) || becomesFloat(name, context.facts))
    if (!isFloat && !isConverted) return
    const it = { tensor, name, origin }
    const single = role?.kind === 'constant' && isSingle ? singleOf(it, context, scaled) : undefined
    if (role?.kind === 'constant' && sizeOf(shape) <= 1 && single === undefined) return
    const obstacle = obstacleOf(tensor, name, needed, context.facts)
    const standIn = role?.kind === 'weight' ? standInOf(it, context) : single
    const verdict =
      obstacle === undefined
        ? standIn === undefined
          ? judge(role, context)
          : { training: 'on request' as const, reason: standIn }
        : { training: 'fixed' as const, ...obstacle }
    const type = typeName(tensor.dataType)
    weights.push({ name, shape, size: sizeOf(shape), type, tensor, origin, ...verdict })
  }
  for (const tensor of graph.initializer) consider(tensor, tensor.name, 'initializer')
  for (const node of graph.node) {
    const tensor = constantTensor(node)
    const name = node.output[0]
    if (tensor !== undefined && name !== undefined) consider(tensor, name, 'constant')
  }
  const addFixed = (tensor: TensorProto, name: string, reason: string): void => {
    const [shape, type] = [shapeOf(tensor), typeName(tensor.dataType)]
    const size = sizeOf(shape)
    const summary = { name, shape, size, type, training: 'fixed', reason } as const
    weights.push({ ...summary, tensor, origin: 'constant' })
  }
  const behind = nodesBehind(graph, context.logits)
  for (const node of behind) {
    const made = madeTensor(node, context)
    const role = made === undefined ? undefined : roleOf(made.name, [2, 2])?.kind
    if (made !== undefined && (role === 'weight' || role === 'normalisation'))
      addFixed(
        made,
        made.name,
        `made by ${node.opType} while the model runs, not stored in the file`,
      )
  }
  for (const node of behind)
    for (const tensor of tensorsInside(node).filter(looksTrained))
      addFixed(tensor, tensor.name, `lies inside a sub-graph (${node.opType})`)
  for (const it of functionsBehind(context, graph, context.logits))
    for (const tensor of tensorsOfFunction(it).filter(looksTrained))
      addFixed(tensor, tensor.name, `lies inside a function of the file (${it.name})`)
  return weights
}

function judge(
  role: Role | undefined,
  { functions }: WeightContext,
): Pick<WeightSummary, 'training' | 'reason'> {
  switch (role?.kind) {
    case 'weight':
      return { training: 'trained' }
    case 'statistic':
      return { training: 'on request', reason: 'a running statistic of BatchNormalization' }
    case 'normalisation':
      return { training: 'on request', reason: SCALES_INPUT }
    case 'constant': {
      const isOwn = functions.some(({ name }) => name === role.operator)
      const reason = isOwn
        ? `${READ_IN_FUNCTION} (${role.operator})`
        : `a constant of ${role.operator}`
      return { training: 'fixed', reason }
    }
    case undefined:
      return { training: 'fixed', reason: 'does not reach the logits' }
  }
}

/** Why the tensor can't be trained, if so. */
function obstacleOf(
  tensor: TensorProto,
  name: string,
  needed: ReadonlySet<string>,
  facts: GraphFacts,
): { readonly reason: string } | undefined {
  if (facts.usedBySubgraphs.has(name)) {
    return { reason: 'is read inside a sub-graph (If, Loop or Scan)' }
  }
  if (!needed.has(name)) return { reason: 'does not reach the logits' }
  if (tensor.dataType === DataType.FLOAT) return undefined
  if (floatTypes.has(tensor.dataType)) return undefined
  const how = quantisedTypes.has(tensor.dataType) ? 'quantised to' : 'stored as'
  return { reason: `${how} ${typeName(tensor.dataType)}, which has no small steps` }
}

/** What a role depends on besides the name: a list, or a single number, can't be a weight. */
interface Form {
  readonly many: boolean
  readonly isList: boolean
}

/**
 * What tensors are to the operators that read them; undefined when none does.
 *
 * Each value is looked at once, from the last node back, so that whatever it flows into is known
 * already: a value may reach the logits on more ways than can be walked.
 */
function rolesIn(
  context: WeightContext,
  scaled: ReadonlySet<string>,
): (name: string, shape: readonly number[]) => Role | undefined {
  const known = new Map<string, ReadonlyMap<string, Role>>()
  return (name, shape) => {
    const form = { many: sizeOf(shape) > 1, isList: shape.length < 2 }
    const key = `${form.many} ${form.isList}`
    let roles = known.get(key)
    if (roles === undefined) known.set(key, (roles = rolesOfForm(form, context, scaled)))
    return roles.get(name)
  }
}

/** The roles that tensors of one form would have, by name. */
function rolesOfForm(
  form: Form,
  { graph, dependents }: WeightContext,
  scaled: ReadonlySet<string>,
): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>()
  for (const node of graph.node.toReversed())
    for (const [input, name] of [...node.input.entries()].toReversed()) {
      const role = telling(roleAt(node, input, form, dependents, scaled, roles), roles.get(name))
      if (role !== undefined) roles.set(name, role)
    }
  return roles
}

/** @param roles of the node's outputs, and of all that comes after them */
function roleAt(
  node: NodeProto,
  input: number,
  { many, isList }: Form,
  dependents: ReadonlySet<string>,
  scaled: ReadonlySet<string>,
  roles: ReadonlyMap<string, Role>,
): Role | undefined {
  const { opType } = node
  const isPicked = opType === 'Gather' && isList
  const passedOn = () =>
    node.output.map((it) => roles.get(it)).reduce<Role | undefined>(telling, undefined)
  if (own(learnedInputs, opType)?.includes(input) && !isPicked) return { kind: 'weight' }
  if (own(statisticInputs, opType)?.includes(input)) return { kind: 'statistic' }
  if (elementwise.has(opType)) {
    const others = node.input.filter((_, index) => index !== input)
    if (!others.some((it) => dependents.has(it))) return passedOn()
    if (many) return { kind: others.some((it) => scaled.has(it)) ? 'normalisation' : 'weight' }
  } else if (passing.has(opType) && (input === 0 || opType === 'Concat')) {
    // Only Concat mixes: a class token is put beside the data. The others' further inputs are
    // shapes and positions.
    const joinsData = node.input.some((it) => dependents.has(it))
    if (opType !== 'Concat' || !joinsData) return passedOn()
    if (many) return { kind: 'weight' }
  }
  return { kind: 'constant', operator: opType }
}

function telling(a: Role | undefined, b: Role | undefined): Role | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return precedence.indexOf(a.kind) <= precedence.indexOf(b.kind) ? a : b
}

/**
 * The features, and what viewing, converting and arithmetic with constants make of them: still
 * data, no layer's output.
 */
function scaledFeatures({ graph, features, dependents }: WeightContext): Set<string> {
  const scaled = new Set([features.name])
  for (const node of graph.node) {
    const carries = elementwise.has(node.opType)
      ? node.input.every((it) => scaled.has(it) || !dependents.has(it))
      : passing.has(node.opType)
    if (carries && node.input.some((it) => scaled.has(it))) {
      for (const output of node.output) scaled.add(output)
    }
  }
  return scaled
}
