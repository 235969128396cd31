/**
 * Facts about an ONNX file before training: shapes, operators, weights, and why something cannot be
 * trained.
 */
import { HisoError } from '../base/index.ts'
import { recogniseClassifier } from './classifier.ts'
import {
  constantTensor,
  decodeModel,
  type Dimension,
  dimensionsOf,
  elementTypeOf,
  externalFilesOf,
  findWeights,
  opsetOf,
  shapeOf,
  sizeOf,
  typeName,
  type ValueInfoProto,
  weightNotes,
  type WeightSummary,
} from '../onnx/index.ts'
import { acceptFloat32 } from './preprocessedInput.ts'
import { nothingToTrain } from './promote.ts'

export interface ValueSummary {
  readonly name: string
  /** Element type, such as float32; `undefined` as a word if it is no tensor. */
  readonly type: string
  /** Numbers, and names of open dimensions; undefined if the file does not say. */
  readonly shape: readonly Dimension[] | undefined
}

/** Plain data: it can be sent and stored as JSON. */
export interface ModelSummary {
  /** The program that wrote the file, with its version. */
  readonly producer: string
  /** Version of the standard operator set. */
  readonly opset: number
  readonly inputs: readonly ValueSummary[]
  readonly outputs: readonly ValueSummary[]
  /** Operators by name, most used first. */
  readonly operators: readonly { readonly name: string; readonly count: number }[]
  readonly weights: readonly WeightSummary[]
  /** The dimension d if every trainable weight is trained. */
  readonly dim: number
  /** Files beside the model that hold its tensors. */
  readonly externalFiles: readonly string[]
  /** The classifier in it, unless there is a problem. */
  readonly classifier?: {
    readonly features: string
    readonly logits: string
    readonly classes: number
    /** Decisions made while recognising it, as sentences without full stops. */
    readonly notes: readonly string[]
  }
  /** Why it cannot be trained as a classifier, and the remedy. */
  readonly problem?: { readonly what: string; readonly remedy: string | undefined }
}

/**
 * Examines an ONNX file without its external data.
 * @throws HisoError MODEL_INVALID if it is no ONNX file, or is cut short
 */
export function inspectModel(bytes: Uint8Array): ModelSummary {
  const model = decodeModel(bytes)
  const { graph } = model
  const initializers = new Set(graph.initializer.map((it) => it.name))
  const counts = new Map<string, number>()
  for (const { opType } of graph.node) counts.set(opType, (counts.get(opType) ?? 0) + 1)
  const common = {
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    opset: opsetOf(model),
    inputs: graph.input.filter((it) => !initializers.has(it.name)).map(summarise),
    outputs: graph.output.map(summarise),
    operators: Array.from(counts, ([name, count]) => ({ name, count })).sort(
      (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1),
    ),
    externalFiles: externalFilesOf(graph),
  }
  try {
    const inputNotes = acceptFloat32(graph)
    const found = recogniseClassifier(model)
    const all = findWeights(found)
    if (all.every((it) => it.training === 'fixed')) throw nothingToTrain(all, found)
    const weights = all.map(({ name, shape, size, type, training, reason }): WeightSummary =>
      reason === undefined
        ? { name, shape, size, type, training }
        : { name, shape, size, type, training, reason },
    )
    const dim = weights
      .filter((it) => it.training === 'trained')
      .reduce((sum, it) => sum + it.size, 0)
    const { logits, classes, notes } = found
    return {
      ...common,
      weights,
      dim,
      classifier: {
        features: found.features.name,
        logits,
        classes,
        notes: [...inputNotes, ...notes, ...weightNotes(weights)],
      },
    }
  } catch (error) {
    if (!(error instanceof HisoError)) throw error
    // The tensor of a Constant node goes by the node's output, and often has no name of its own.
    const constants = graph.node.map((it) => [it.output[0] ?? '', constantTensor(it)] as const)
    const tensors = [...graph.initializer.map((it) => [it.name, it] as const), ...constants]
    const weights = tensors.flatMap(([name, tensor]): WeightSummary[] => {
      if (tensor === undefined) return []
      const shape = shapeOf(tensor)
      const type = typeName(tensor.dataType)
      const reason = 'the model is no classifier that can be trained'
      return [{ name, shape, size: sizeOf(shape), type, training: 'fixed', reason }]
    })
    return { ...common, weights, dim: 0, problem: { what: error.what, remedy: error.remedy } }
  }
}

function summarise(value: ValueInfoProto): ValueSummary {
  const tensor = value.type?.value.case === 'tensorType'
  const type = tensor ? typeName(elementTypeOf(value)) : (value.type?.value.case ?? 'undefined')
  return { name: value.name, type, shape: dimensionsOf(value) }
}
