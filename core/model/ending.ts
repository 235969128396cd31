/**
 * What a classifier's graph ends in: logits, probabilities or their logarithms, behind whatever
 * views. Says which value holds the logits, and refuses what is made of probabilities otherwise.
 */
import { HisoError } from '../base/index.ts'
import {
  constantCalled,
  type Dimension,
  dimensionsOf,
  type GraphFacts,
  integerAttribute,
  integersAttribute,
  integerValues,
  type NodeProto,
  type ValueInfoProto,
} from '../onnx/index.ts'
import { columnsOf, type Graph } from './columns.ts'

export function unsupported(what: string, remedy: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', { what, remedy })
}

/** Operators that show the same numbers in another shape or type, or cut off their tails. */
const views = new Set([
  ...['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast', 'Dropout', 'Clip'],
])

/** So many of them may stand behind each other. */
const mostViews = 1000

/** Operators that bend each number for itself, or all to one length: rarely meant for logits. */
const bending = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'ThresholdedRelu', 'Elu', 'Selu', 'Celu', 'Gelu', 'HardSwish'],
  ...[
    'Sigmoid',
    'HardSigmoid',
    'Tanh',
    'Softplus',
    'Softsign',
    'Mish',
    'Erf',
    'Clip',
    'LpNormalization',
  ],
])

interface Ending {
  readonly logits: string
  readonly notes: string[]
  /** Whether the logits come in another shape or type than the output. */
  readonly isViewed: boolean
  /** Whether they are one number for each sample, the logit of yes against no. */
  readonly isYesNo: boolean
}

/**
 * Cross-entropy takes logits: where the file ends in a softmax, behind whatever views, the value
 * before it. Log-probabilities are logits: their softmax gives the probabilities back.
 * @throws HisoError MODEL_UNSUPPORTED
 */
export function beforeSoftmax(nodes: Graph, output: ValueInfoProto, opset: number): Ending {
  const { facts } = nodes
  const behind = (name: string): { name: string; producer: NodeProto | undefined } => {
    let at = name
    // Longer chains are no views, and one that ends in itself is none.
    for (let left = mostViews; left > 0; left--) {
      const producer = facts.producers.get(at)
      if (producer === undefined || !views.has(producer.opType)) return { name: at, producer }
      at = producer.input[0] ?? ''
    }
    return { name: at, producer: undefined }
  }
  const otherwise = (): Ending => {
    refuseRemade(nodes, output)
    return { ...plainly(output), notes: bendingNotes(output.name, facts) }
  }
  const end = behind(output.name)
  const { producer } = end
  const isViewed = end.name !== output.name
  const taken = (node: NodeProto, logits = node.input[0] ?? ''): Ending => {
    refuseProbabilities(nodes, node.opType, logits)
    return {
      logits,
      notes: [
        `The model ends in ${node.opType}; training takes its input, ${logits}, as the logits`,
        ...bendingNotes(logits, facts),
      ],
      isViewed,
      isYesNo: false,
    }
  }
  const softmaxBehind = (name: string) => {
    const found = behind(name).producer
    return found?.opType === 'Softmax' ? found : undefined
  }
  switch (producer?.opType) {
    case 'Sigmoid':
      if (isOneNumber(nodes, output, producer))
        return {
          ...taken(producer),
          notes: [
            `The model ends in Sigmoid, the probability of the second class; training takes its input, ${producer.input[0] ?? ''}, as that class's logit`,
          ],
          isViewed: true,
          isYesNo: true,
        }
      throw unsupported(
        `its output ${output.name} ends in Sigmoid, which is for independent yes-or-no labels`,
        'Use a model that gives one logit for each class, trained with softmax',
      )
    case 'HardSigmoid':
      throw unsupported(
        `its output ${output.name} ends in HardSigmoid, which is for independent yes-or-no labels`,
        'Use a model that gives one logit for each class, trained with softmax',
      )
    case 'ArgMax':
    case 'TopK':
    case 'Hardmax':
    case 'OneHot':
      throw unsupported(
        `its output ${output.name} ends in ${producer.opType}, which tells only the class`,
        'Export the model so that its output is the logits, before it',
      )
    case 'Softmax':
    case 'LogSoftmax': {
      const axis = integerAttribute(producer, 'axis') ?? (opset < 13 ? 1 : -1)
      if (!runsOverClasses(axis, opset, isViewed ? undefined : dimensionsOf(output)))
        throw unsupported(
          `its ${producer.opType} runs over dimension ${axis}, not over the classes`,
          'Export the model without it',
        )
      return taken(producer)
    }
    // log(softmax(x)), with a small number added before the logarithm or not.
    case 'Log': {
      const inner = behind(producer.input[0] ?? '')
      const sum = inner.producer?.opType === 'Add' ? inner.producer : undefined
      const found = [inner.name, ...(sum?.input ?? [])].map(softmaxBehind).find((it) => it)
      return found === undefined ? plainly(output) : taken(found)
    }
    // exp(x) / Σ exp(x), as older exporters write a softmax.
    case 'Div': {
      const [above = '', below = ''] = producer.input
      const exp = behind(above).producer
      const sum = behind(below).producer
      const isSoftmax =
        exp?.opType === 'Exp' &&
        sum?.opType === 'ReduceSum' &&
        behind(sum.input[0] ?? '').producer === exp &&
        isOverClasses(sum, nodes, dimensionsOf(output)?.length ?? 2)
      return isSoftmax ? { ...taken(exp), notes: [softmaxNote(exp)] } : otherwise()
    }
    // exp(log softmax(x)).
    case 'Exp': {
      const inner = behind(producer.input[0] ?? '').producer
      return inner?.opType === 'LogSoftmax' ? taken(inner) : otherwise()
    }
    default:
      return otherwise()
  }
}

/** Says that logits can't take any value, behind views that leave numbers as they are. */
function bendingNotes(output: string, { producers }: GraphFacts): string[] {
  let node = producers.get(output)
  for (let left = mostViews; left > 0 && node !== undefined; left--) {
    const { opType } = node
    if (bending.has(opType))
      return [
        `What ${opType} gives is taken as the logits: check that it is meant to stand behind the last layer`,
      ]
    if (!views.has(opType)) return []
    node = producers.get(node.input[0] ?? '')
  }
  return []
}

/** Operators that make something else of numbers, each for itself or by leaving some out. */
const remaking = new Set([
  ...views,
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Pow', 'Sqrt', 'Abs', 'Exp', 'Reciprocal', 'Max', 'Min'],
  ...['Sum', 'Mean', 'Where', 'Concat', 'Slice', 'Split', 'Gather', 'Transpose', 'Expand', 'Pad'],
  ...['Round', 'Floor', 'Ceil', 'ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'],
])
/** Of these all inputs are numbers of that kind; of the others the first one is. */
const several = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Min',
  'Sum',
  'Mean',
  'Where',
  'Concat',
])
const probabilities = new Set(['Softmax', 'LogSoftmax', 'Sigmoid', 'HardSigmoid'])

/**
 * Probabilities that are turned into something else - multiplied, negated, taken apart - are no
 * logits, and taking them as such would train towards the wrong thing.
 * @throws HisoError MODEL_UNSUPPORTED
 */
function refuseRemade({ graph, facts }: Graph, output: ValueInfoProto): void {
  const found = new Map<string, string | undefined>()
  const sourceOf = (name: string, left: number): string | undefined => {
    if (found.has(name)) return found.get(name)
    found.set(name, undefined)
    const producer = facts.producers.get(name)
    if (producer === undefined || left === 0) return undefined
    if (probabilities.has(producer.opType)) {
      found.set(name, producer.opType)
      return producer.opType
    }
    if (!remaking.has(producer.opType)) return undefined
    const inputs = several.has(producer.opType) ? producer.input : producer.input.slice(0, 1)
    const sources = inputs
      .filter((it) => constantCalled(it, graph, facts) === undefined)
      .map((it) => sourceOf(it, left - 1))
    const source = sources.every((it) => it !== undefined) ? sources[0] : undefined
    found.set(name, source)
    return source
  }
  const source = sourceOf(output.name, mostViews)
  if (source === undefined) return
  const last = facts.producers.get(output.name)!.opType
  throw unsupported(
    `its output ${output.name} ends in ${last}, made of what ${source} gives, so that it holds no logits`,
    `Export the model so that its output is the logits, before ${source}`,
  )
}

/** @param shape of the output; undefined where it is behind views, or not in the file */
function runsOverClasses(axis: number, opset: number, shape: readonly Dimension[] | undefined) {
  if (shape === undefined) return axis === 1 || axis === -1
  const rank = shape.length
  const over = axis < 0 ? axis + rank : axis
  const wide = shape.flatMap((it, at) => (at > 0 && it !== 1 ? [at] : []))
  const classes = wide.length === 1 ? wide[0]! : 1
  // Before version 13 a softmax runs over all dimensions from its axis on.
  return over === classes || (opset < 13 && over >= 1 && over <= classes)
}

/** Whether a value has a single number for each sample. */
function isOneNumber(nodes: Graph, output: ValueInfoProto, sigmoid: NodeProto): boolean {
  const own = dimensionsOf(output)?.slice(1)
  if (own?.every((it) => it === 1) === true) return true
  if (own?.some((it) => typeof it === 'number' && it !== 1) === true) return false
  return columnsOf(nodes, sigmoid.input[0] ?? '') === 1
}

/** A softmax of probabilities is no softmax of logits. @throws HisoError MODEL_UNSUPPORTED */
function refuseProbabilities({ facts }: Graph, last: string, logits: string): void {
  let node = facts.producers.get(logits)
  for (let left = mostViews; left > 0 && node !== undefined; left--) {
    if (node.opType === 'Softmax')
      throw unsupported(
        `it ends in ${last} of what another Softmax gives, which are probabilities and no logits`,
        'Export the model so that its output is the value before both',
      )
    if (!views.has(node.opType)) return
    node = facts.producers.get(node.input[0] ?? '')
  }
}

/** Over the classes and nothing else: a sum over the batch makes no softmax. */
function isOverClasses(sum: NodeProto, { graph, facts }: Graph, rank: number): boolean {
  const given = constantCalled(sum.input[1] ?? '', graph, facts)
  const axes = integersAttribute(sum, 'axes')
  const all = axes ?? (given === undefined ? [] : integerValues(given))
  return all.length === 1 && (all[0] === 1 || all[0] === 1 - rank)
}

const softmaxNote = (exp: NodeProto) =>
  `The model ends in a softmax written out; training takes ${exp.input[0] ?? ''} as the logits`

const plainly = (output: ValueInfoProto): Ending => ({
  logits: output.name,
  notes: [],
  isViewed: false,
  isYesNo: false,
})
