/** Turns a trained graph back into an ordinary classifier file: the reverse of `promote.ts`. */
import { decodeModel, encodeModel, tensor } from '../onnx/index.ts'
import { takeRecord } from './promotionRecord.ts'
import type { Preprocessing } from '../data/index.ts'
import { CLASSES_KEY } from './classNames.ts'
import { preprocessInput, setMetadata } from './preprocessedInput.ts'
import type { TrainableGraph } from './trainableGraph.ts'

export interface ExportedMeaning {
  /** What was done to raw values before training; becomes the graph's beginning. */
  readonly preprocessing?: Preprocessing
  /** A name for each output, in order. */
  readonly classes?: readonly string[]
  /** Leaves the graph as it is: the preprocessing is only noted in its metadata. */
  readonly isBare?: boolean
}

/**
 * The original model with these parameters as its weights, under their own names: no loss, no
 * labels, the original outputs. Only the free batch dimension remains of the promotion. Weights
 * from Constant nodes come back as initializers.
 *
 * @param params float32[d]
 * @param meaning of what goes in and comes out
 * @returns a standalone ONNX file
 */
export function exportTrained(
  graph: TrainableGraph,
  params: Float32Array,
  meaning: ExportedMeaning = {},
): Uint8Array {
  if (params.length !== graph.dim) {
    throw new Error(`${params.length} parameters for a model of ${graph.dim}`)
  }
  const model = decodeModel(graph.bytes)
  const onnx = model.graph
  const record = takeRecord(model)
  onnx.node.length -= record.nodes
  onnx.initializer.length -= record.initializers
  const described = [...onnx.output, ...onnx.valueInfo]
  onnx.output = record.outputs.flatMap((name) => described.find((it) => it.name === name) ?? [])
  const outputs = new Set(record.outputs)
  onnx.valueInfo = onnx.valueInfo.filter((it) => !outputs.has(it.name))
  onnx.input = onnx.input.filter((it) => it.name === graph.features)
  for (const { name, shape, size, offset } of graph.trainables) {
    onnx.initializer.push(tensor(name, shape, params.subarray(offset, offset + size)))
  }
  const { preprocessing, classes, isBare = false } = meaning
  if (preprocessing !== undefined)
    preprocessInput(model, graph.features, graph.featureShape, preprocessing, isBare)
  if (classes !== undefined) setMetadata(model, CLASSES_KEY, JSON.stringify(classes))
  return encodeModel(model)
}
