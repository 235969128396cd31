/**
 * Graph surgery that makes an ONNX classifier trainable by forward passes: its weights become
 * inputs, the loss an output, the batch dimension free. Everything else in the file stays as it is,
 * known to us or not.
 */
import { HisoError } from '../base/index.ts'
import { recogniseClassifier, type Classifier } from './classifier.ts'
import { freeBatch } from './freeBatch.ts'
import type { Preprocessing } from '../data/index.ts'
import { classNamesOf } from './classNames.ts'
import { globMatcher } from './globMatcher.ts'
import { lossHead } from './lossHead.ts'
import {
  DataType,
  decodeModel,
  embedExternal,
  encodeModel,
  type ExternalData,
  externalFilesOf,
  findWeights,
  float32Values,
  type GraphProto,
  isExternal,
  node,
  opsetOf,
  READ_IN_FUNCTION,
  tensor,
  tensorsOf,
  uniqueNames,
  valueInfo,
  type Weight,
  weightNotes,
} from '../onnx/index.ts'
import { acceptFloat32, acceptScaled } from './preprocessedInput.ts'
import { writeRecord } from './promotionRecord.ts'
import { featureShapeOf } from './sampleShape.ts'
import type { Trainable, TrainableGraph } from './trainableGraph.ts'

export interface PromoteOptions {
  /** Names of the weights to train, where * stands for any characters. */
  readonly trainable: readonly string[]
  /** Shape of one sample, for files that leave it open. */
  readonly featureShape?: readonly number[]
  /** The output to train on, for files with several. */
  readonly output?: string
  /** Reads the files beside the model that hold its tensors. */
  readonly externalData?: ExternalData
  /** What is done to raw values before the model gets them. */
  readonly preprocessing?: Preprocessing
}

/**
 * Makes a trainable graph of a classifier's ONNX file.
 *
 * @throws HisoError MODEL_INVALID (no ONNX file, or cut short), MODEL_NOT_FOUND (external data
 *   missing), MODEL_UNSUPPORTED (no classifier, or one that forward passes cannot train),
 *   MODEL_NOT_TRAINABLE (no weights, or no pattern fits)
 */
export function promoteModel(bytes: Uint8Array, options: PromoteOptions): TrainableGraph {
  const model = decodeModel(bytes)
  const { graph } = model
  const inputNotes = [...acceptScaled(model, options.preprocessing), ...acceptFloat32(graph)]
  const classifier = recogniseClassifier(model, options.output)
  const weights = findWeights(classifier)
  const chosen = chooseWeights(weights, options.trainable, classifier)
  const featureShape = featureShapeOf(classifier, options.featureShape)
  // Refuses paths outside the model's folder before reading anything.
  externalFilesOf(graph)
  for (const each of tensorsOf(graph)) {
    if (isExternal(each)) embedExternal(each, options.externalData)
  }
  const { trainables, initialParams } = layOut(chosen)

  const unique = uniqueNames(graph)
  const rows = freeBatch(classifier, unique)
  removeWeights(graph, chosen)
  const rounded = chosen.filter((it) => widen(graph, it, unique))
  const labels = unique('labels')
  const head = attachLoss(classifier, { labels, rows }, opsetOf(model), unique)
  const isKnown = classifier.featureDimensions?.slice(1).every((it) => typeof it === 'number')
  graph.input = [
    isKnown === true
      ? classifier.features
      : valueInfo(classifier.features.name, DataType.FLOAT, [rows, ...featureShape]),
    valueInfo(labels, DataType.INT64, [rows]),
    ...chosen.map((it) => valueInfo(it.name, DataType.FLOAT, it.shape)),
  ]
  // Before version 4 every initializer had to be an input as well, and none of ours is.
  if (model.irVersion < 4n) model.irVersion = 4n
  writeRecord(model, { labels, ...head.added })
  return {
    bytes: encodeModel(model),
    trainables,
    dim: initialParams.length,
    features: classifier.features.name,
    featureShape,
    labels,
    losses: head.losses,
    logits: head.logits,
    classes: classifier.classes,
    classNames: classNamesOf(model, classifier.classes),
    notes: [...inputNotes, ...classifier.notes, ...weightNotes(weights), ...roundingNotes(rounded)],
    initialParams,
  }
}

/**
 * Lets the graph take a weight of another precision as float32, in place: it is converted where the
 * file does not do so itself.
 * @returns whether its values are rounded in each forward pass
 */
function widen(
  graph: GraphProto,
  { name, type, tensor: { dataType } }: Weight,
  unique: (name: string) => string,
): boolean {
  if (dataType === DataType.FLOAT) return false
  const readers = graph.node.filter((it) => it.input.includes(name))
  // Recorded shapes and types of what comes of it may no longer be true.
  const made = new Set(readers.flatMap((it) => it.output))
  graph.valueInfo = graph.valueInfo.filter((it) => !made.has(it.name))
  if (readers.every((it) => it.opType === 'Cast')) return false
  const converted = unique(`${name}_${type}`)
  for (const each of readers)
    each.input = each.input.map((input) => (input === name ? converted : input))
  graph.node.unshift(node('Cast', [name], converted, { to: dataType }))
  return dataType !== DataType.DOUBLE
}

function roundingNotes(rounded: readonly Weight[]): string[] {
  return [...new Set(rounded.map((it) => it.type))].map((type) => {
    const names = rounded.filter((it) => it.type === type).map(({ name }) => name)
    const verb = names.length === 1 ? 'is' : 'are'
    return `${shorten(names)} ${verb} rounded to ${type} in each forward pass: small changes may be lost`
  })
}

function chooseWeights(
  weights: readonly Weight[],
  patterns: readonly string[],
  classifier: Classifier,
): Weight[] {
  const matchers = patterns.map(globMatcher)
  const chosen = weights.filter((it) =>
    it.training === 'trained'
      ? matchers.some((matches) => matches(it.name))
      : it.training === 'on request' && patterns.includes(it.name),
  )
  if (chosen.length > 0) return chosen
  const trainable = weights.filter((it) => it.training === 'trained')
  const fixed = weights.filter((it) => it.reason !== undefined)
  if (trainable.length === 0) throw nothingToTrain(weights, classifier)
  const named = fixed.find((it) => patterns.includes(it.name))
  throw new HisoError('MODEL_NOT_TRAINABLE', {
    where: 'task.trainable',
    what:
      named === undefined
        ? `no weight is called ${patterns.join(' or ')}`
        : `${named.name} can't be trained: ${named.reason}`,
    remedy: `The weights are ${shorten(trainable.map((it) => it.name))}`,
  })
}

/** The error for a classifier without trainable weights; says why each of its weights is fixed. */
export function nothingToTrain(weights: readonly Weight[], { notes }: Classifier): HisoError {
  const reasons = new Set(weights.flatMap((it) => it.reason ?? []))
  const list = Array.from(reasons, (reason) => {
    const names = weights.filter((it) => it.reason === reason).map(({ name }) => name)
    return `${shorten(names)}: ${reason}`
  })
  return new HisoError('MODEL_NOT_TRAINABLE', {
    what: `it has no float weights to train${list.length === 0 ? '' : ` (${list.join('; ')})`}`,
    remedy: [
      weights.some((it) => it.reason?.startsWith(READ_IN_FUNCTION) === true)
        ? 'Put the functions in place of their calls: onnx.inliner.inline_local_functions(model)'
        : 'Use a model exported in float32, not quantised, with its weights inside',
      ...notes,
    ].join('. '),
  })
}

function shorten(list: readonly string[]): string {
  const shown = list.slice(0, 12).join(', ')
  return list.length > 12 ? `${shown} and ${list.length - 12} more` : shown
}

function layOut(chosen: readonly Weight[]): {
  trainables: Trainable[]
  initialParams: Float32Array
} {
  let dim = 0
  const trainables = chosen.map(({ name, shape, size }) => {
    const offset = dim
    dim += size
    return { name, shape, size, offset }
  })
  const initialParams = new Float32Array(dim)
  chosen.forEach((it, i) => {
    initialParams.set(float32Values(it.tensor), (trainables[i] as Trainable).offset)
  })
  return { trainables, initialParams }
}

function removeWeights(graph: GraphProto, chosen: readonly Weight[]): void {
  const names = new Set(chosen.map((it) => it.name))
  graph.initializer = graph.initializer.filter((it) => !names.has(it.name))
  graph.node = graph.node.filter(
    (it) => !(it.opType === 'Constant' && names.has(it.output[0] ?? '')),
  )
  // An input's shape is stated once, among the inputs.
  graph.valueInfo = graph.valueInfo.filter((it) => !names.has(it.name))
}

/**
 * Adds the loss, and makes it and the logits the only outputs; the descriptions of the original
 * outputs move to the inner values.
 */
function attachLoss(
  { graph, logits, classes, needsFlatten, needsCast, isYesNo }: Classifier,
  { labels, rows }: { readonly labels: string; readonly rows: string },
  opset: number,
  unique: (name: string) => string,
) {
  const names = {
    logits: needsFlatten || needsCast ? unique('flat_logits') : logits,
    labels,
    losses: unique('losses'),
  }
  const loss = lossHead(names, classes, opset, unique)
  const single = needsCast ? unique('float_logits') : logits
  const column = isYesNo ? unique('logit_column') : names.logits
  const yesNo = unique('yes_no')
  const nodes = [
    ...(needsCast ? [node('Cast', [logits], single, { to: DataType.FLOAT })] : []),
    ...(names.logits === logits ? [] : [node('Flatten', [single], column, { axis: 1 })]),
    // The softmax of 0 and z has the sigmoid of z in its second column.
    ...(isYesNo ? [node('MatMul', [column, yesNo], names.logits)] : []),
    ...loss.nodes,
  ]
  const constants = [
    ...loss.constants,
    ...(isYesNo ? [tensor(yesNo, [1, 2], Float32Array.of(0, 1))] : []),
  ]
  const original = graph.output
  graph.node.push(...nodes)
  graph.initializer.push(...constants)
  graph.output = [
    valueInfo(names.losses, DataType.FLOAT, [rows]),
    original.find((it) => it.name === names.logits) ??
      valueInfo(names.logits, DataType.FLOAT, [rows, classes]),
  ]
  graph.valueInfo = [
    ...graph.valueInfo.filter((it) => it.name !== names.logits),
    ...original.filter((it) => it.name !== names.logits),
  ]
  const added = {
    outputs: original.map((it) => it.name),
    nodes: nodes.length,
    initializers: constants.length,
  }
  return { logits: names.logits, losses: names.losses, added }
}
