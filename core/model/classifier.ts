/**
 * Recognises the classifier in an ONNX graph: the input for features, the value that holds the
 * logits, the number of classes. Refuses what is no classifier, or cannot be trained by forward
 * passes, by name and with a remedy.
 */
import type { HisoError } from '../base/index.ts'
import {
  constantCalled,
  DataType,
  dependentsOf,
  type Dimension,
  dimensionsOf,
  elementTypeOf,
  factsOf,
  findWeights,
  float32Values,
  type FunctionProto,
  functionsBehind,
  type GraphFacts,
  type GraphProto,
  integerAttribute,
  type ModelProto,
  namesReadBy,
  type NodeProto,
  nodesBehind,
  opsetOf,
  SCALES_INPUT,
  typeName,
  type ValueInfoProto,
} from '../onnx/index.ts'
import { beforeSoftmax, unsupported } from './ending.ts'
import { classesOf, outputOf } from './outputs.ts'

export interface Classifier {
  readonly graph: GraphProto
  readonly facts: GraphFacts
  readonly features: ValueInfoProto
  /** The batch first, then one sample's shape; undefined if the file does not say. */
  readonly featureDimensions: readonly Dimension[] | undefined
  /** Values that depend on the features. */
  readonly dependents: ReadonlySet<string>
  /** The value that holds the logits: the model's output, or the input of its final softmax. */
  readonly logits: string
  readonly functions: readonly FunctionProto[]
  readonly classes: number
  /** True where the value holds one number for each sample, the second class's logit. */
  readonly isYesNo: boolean
  /** True if the logits have more dimensions than two, all but one of 1. */
  readonly needsFlatten: boolean
  /** True where the logits may be of another type than float32. */
  readonly needsCast: boolean
  /** What was decided on the way, for people. */
  readonly notes: readonly string[]
}

/** The oldest operator set that ONNX Runtime guarantees to run. */
const OLDEST_OPSET = 7

const quantised =
  /^(QLinear.*|QuantizeLinear|DequantizeLinear|DynamicQuantize.*|MatMulInteger.*|ConvInteger|MatMulNBits|QGemm|QAttention)$/
const classicalClassifier = /^(TreeEnsemble.*|.*(Classifier|Regressor))$/
const random = /^(RandomNormal|RandomUniform|Multinomial|Bernoulli)(Like)?$/

/**
 * @param wanted the output to train on, if the file has several
 * @throws HisoError MODEL_UNSUPPORTED
 */
export function recogniseClassifier(model: ModelProto, wanted?: string): Classifier {
  const graph = model.graph as GraphProto
  const opset = opsetOf(model)
  if (opset < OLDEST_OPSET) {
    throw unsupported(
      `it uses version ${opset} of the ONNX operators; the oldest that runs is ${OLDEST_OPSET}`,
      'Export the model again with opset_version 17, or convert it with onnx.version_converter',
    )
  }
  const classical = operatorNames(graph.node, (it) => classicalClassifier.test(it.opType))
  if (classical !== '') {
    throw unsupported(
      `it is made of classical machine-learning operators (${classical}), which have no float weights to train`,
      'Use a neural network exported to ONNX',
    )
  }
  const facts = factsOf(graph)
  const features = featuresOf(graph)
  const output = outputOf({ graph, facts }, opset, wanted)
  const { logits, notes, isViewed, isYesNo } = beforeSoftmax({ graph, facts }, output, opset)
  const dependents = dependentsOf(graph, features.name)
  const { functions } = model
  checkOperators(graph, logits, facts, notes, functionsBehind({ functions }, graph, logits))
  if (!dependents.has(logits)) {
    throw unrelated(graph, { features: features.name, output: output.name, dependents })
  }
  const classes = isYesNo ? 2 : classesOf({ graph, facts }, opset, output, logits)
  const scaling = findWeights({ graph, facts, functions, features, dependents, logits })
    .filter(({ reason }) => reason === SCALES_INPUT)
    .map(({ name }) => name)
  if (scaling.length > 0)
    notes.push(
      `The model scales its input itself (${scaling.join(', ')}); it is fed values that are standardised already`,
    )
  return {
    graph,
    facts,
    features,
    featureDimensions: dimensionsOf(features),
    dependents,
    logits,
    functions,
    classes,
    isYesNo,
    needsFlatten: isViewed || (dimensionsOf(output)?.length ?? 2) > 2,
    needsCast: isViewed || elementTypeOf(output) !== DataType.FLOAT,
    notes,
  }
}

/** The error for an output that is the same whatever the features are: says what it is made of. */
function unrelated(
  graph: GraphProto,
  of: { features: string; output: string; dependents: ReadonlySet<string> },
): HisoError {
  const { features, output, dependents } = of
  const behind = nodesBehind(graph, output)
  const made = new Set(behind.flatMap((it) => it.output))
  const sources = new Set(
    behind.flatMap((it) => [...namesReadBy(it)]).filter((it) => !made.has(it)),
  )
  const others = graph.output.filter((it) => dependents.has(it.name)).map((it) => it.name)
  const readers = graph.node.filter((it) => it.input.includes(features)).map((it) => it.opType)
  const from = sources.size === 0 ? 'constants' : shownNames([...sources])
  const lost =
    readers.length === 0
      ? `no node reads ${features}`
      : `${features} goes into ${shownNames(readers)}, and nothing of that reaches ${output}`
  return unsupported(
    `its output ${output} does not depend on its input ${features}: it is made of ${from} alone, and ${lost}`,
    others.length > 0
      ? `Export it with the output that does (${shownNames(others)}) alone, or called logits`
      : 'Export the model again with the path from input to output whole; a traced model loses it where values are taken out of the graph (.numpy(), .item(), .detach().cpu())',
  )
}

const shownNames = (names: readonly string[]) =>
  names.length > 5
    ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
    : names.join(', ')

function featuresOf(graph: GraphProto): ValueInfoProto {
  // Files of IR version 3 list their weights among the inputs too.
  const weights = new Set(graph.initializer.map((it) => it.name))
  const inputs = graph.input.filter((it) => !weights.has(it.name))
  const [features] = inputs
  if (features === undefined || inputs.length > 1) {
    const list = inputs.map((it) => it.name).join(', ') || 'none'
    throw unsupported(
      `a classifier takes one input, the features of a batch; this model has ${inputs.length} (${list})`,
      'Export only the part of the model that takes the features',
    )
  }
  const shape = dimensionsOf(features)
  if (shape !== undefined && shape.length < 2)
    throw unsupported(
      `its input ${features.name} has the shape [${shape.join(', ')}], and a classifier takes many samples at once: [rows, features]`,
      'Export the model with a batch dimension before the others',
    )
  const type = elementTypeOf(features)
  if (type !== DataType.FLOAT) {
    throw unsupported(
      `its input ${features.name} is ${typeName(type)}; features are float32`,
      'Export the model in float32',
    )
  }
  return features
}

/** The operators of the nodes that match, each once, as a list for people. */
function operatorNames(nodes: readonly NodeProto[], match: (node: NodeProto) => boolean): string {
  return [...new Set(nodes.filter(match).map((it) => it.opType))].join(', ')
}

function checkOperators(
  graph: GraphProto,
  logits: string,
  facts: GraphFacts,
  notes: string[],
  functions: readonly FunctionProto[],
): void {
  const nodes = nodesBehind(graph, logits)
  const inside = functions.flatMap((it) => it.node)
  const dropping = nodes.filter((it) => dropsOut(it, graph, facts))
  const drawing = operatorNames(
    [...nodes, ...inside],
    (it) => random.test(it.opType) || dropping.includes(it),
  )
  if (drawing !== '') {
    throw unsupported(
      `it draws random numbers (${drawing}), so its loss differs from one run to the next`,
      'Export the model in evaluation mode (model.eval(), training=TrainingMode.EVAL)',
    )
  }
  const batchNorm = nodes.find(
    (it) =>
      it.opType === 'BatchNormalization' &&
      (integerAttribute(it, 'training_mode') === 1 || it.output.filter(Boolean).length > 1),
  )
  if (batchNorm !== undefined) {
    throw unsupported(
      `BatchNormalization ${batchNorm.name} is in training mode, so a sample's loss depends on the others in its batch`,
      'Export the model in evaluation mode (model.eval(), training=TrainingMode.EVAL)',
    )
  }
  const coarse = operatorNames([...nodes, ...inside], (it) => quantised.test(it.opType))
  if (coarse !== '') {
    notes.push(
      `Quantised operators (${coarse}): small changes of the weights may be lost in rounding`,
    )
  }
}

function dropsOut(node: NodeProto, graph: GraphProto, facts: GraphFacts): boolean {
  const mode = node.input[2]
  if (node.opType !== 'Dropout' || mode === undefined || mode === '') return false
  const [ratio, value] = [node.input[1] ?? '', mode].map((it) => constantCalled(it, graph, facts))
  // Attention written out by PyTorch drops nothing, in training mode.
  const dropsNothing = ratio?.dataType === DataType.FLOAT && float32Values(ratio)[0] === 0
  if (value === undefined || dropsNothing) return false
  return (value.rawData[0] ?? value.int32Data[0] ?? 0) !== 0
}
