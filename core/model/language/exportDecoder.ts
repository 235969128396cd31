/**
 * A trained decoder as an ordinary ONNX file: trained weights under their own names, LoRA's
 * products added to their weights.
 */
import { HisoError } from '../../base/index.ts'
import {
  DataType,
  encodeModel,
  type GraphProto,
  integerAttribute,
  node,
  type NodeProto,
  shapeOf,
  tensor,
  type TensorProto,
  uniqueNames,
  valueInfo,
} from '../../onnx/index.ts'
import { setMetadata } from '../preprocessedInput.ts'
import type { Trainable } from '../trainableGraph.ts'
import { addClassifier } from './classifierHead.ts'
import type { Decoder, LinearLayer } from './decoder.ts'
import { loraPairs, type LoraPair } from './loraPairs.ts'

/**
 * @param decoder as opened, before any training; it is consumed
 * @param trainables of the graph made from such a decoder
 * @param params float32[d]
 * @param scale the factor of LoRA's products, α / rank; unused without LoRA
 * @param metadata entries for the file, for those who use it
 * @returns a standalone ONNX file with the decoder's own inputs and outputs
 * @throws HisoError MODEL_UNSUPPORTED if LoRA stands beside weights that cannot be added to
 */
export function exportDecoder(
  decoder: Decoder,
  trainables: readonly Trainable[],
  params: Float32Array,
  scale: number,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const { model, weights, valuesOf } = decoder
  const { graph } = model
  const pairs = loraPairs(trainables)
  const own = new Map(trainables.map((it) => [it.name, it]))
  graph.initializer = graph.initializer.map((it) => {
    const trained = own.get(it.name)
    if (trained !== undefined) return tensor(it.name, trained.shape, valuesIn(params, trained))
    return isDeclared(it) ? tensor(it.name, shapeOf(it), valuesOf(it)) : it
  })
  for (const { name, shape, origin } of weights) {
    const trained = own.get(name)
    if (trained === undefined || origin !== 'constant') continue
    graph.node = graph.node.filter((it) => it.output[0] !== name)
    graph.initializer.push(tensor(name, shape, valuesIn(params, trained)))
  }
  if (decoder.states !== undefined) appendClassifier(decoder, trainables, params)
  for (const pair of pairs) {
    const layer = decoder.linears.find(({ weight }) => weight === pair.weight)
    if (layer === undefined) throw new Error(`no layer has the weight ${pair.weight}`)
    merge(graph, layer, pair, params, scale)
  }
  for (const [key, value] of metadata) setMetadata(model, key, value)
  return encodeModel(model)
}

/** An encoder's classifier goes along, its logits [rows, classes] one output more. */
function appendClassifier(
  decoder: Decoder,
  trainables: readonly Trainable[],
  params: Float32Array,
): void {
  const { graph } = decoder.model
  const [matrix, bias] = trainables.slice(-2) as [Trainable, Trainable]
  for (const it of [matrix, bias])
    graph.initializer.push(tensor(it.name, it.shape, valuesIn(params, it)))
  const logits = addClassifier(
    decoder,
    decoder.states!,
    [matrix.name, bias.name],
    uniqueNames(graph),
  )
  graph.node.push(node('Identity', [logits], 'logits'))
  graph.output.push(valueInfo('logits', DataType.FLOAT, ['rows', bias.size]))
}

const valuesIn = (params: Float32Array, { offset, size }: Trainable) =>
  params.subarray(offset, offset + size)

function isDeclared({ dataType, rawData, floatData }: TensorProto): boolean {
  return dataType === DataType.FLOAT && rawData.length === 0 && floatData.length === 0
}

/**
 * W ← W + scale · A B, in the file's own tensor if only this layer reads it, otherwise by a node
 * before the layer.
 */
function merge(
  graph: GraphProto,
  layer: LinearLayer,
  { a, b }: LoraPair,
  params: Float32Array,
  scale: number,
): void {
  const at = graph.node.findIndex((it) => it.output[0] === layer.output)
  const product = graph.node[at] as NodeProto
  if (product.opType === 'MatMulNBits')
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: layer.weight,
      what: 'its weights are packed into a few bits each, into which what LoRA has learned can’t be merged',
      remedy: 'Write it as a LoRA adapter: hiso unpack FILE --as peft',
    })
  const matrix = product.input[1] as string
  const isTransposed = (integerAttribute(product, 'transB') ?? 0) !== 0
  const { inputs, outputs } = layer
  const delta = productOf(
    valuesIn(params, a),
    valuesIn(params, b),
    inputs,
    outputs,
    scale,
    isTransposed,
  )
  const shape = isTransposed ? [outputs, inputs] : [inputs, outputs]
  const stored = graph.initializer.findIndex((it) => it.name === matrix)
  const readers = graph.node.flatMap((it) => it.input).filter((it) => it === matrix).length
  const values = stored < 0 ? undefined : floatsOf(graph.initializer[stored]!)
  if (values !== undefined && readers === 1) {
    const sum = values.map((value, index) => value + delta[index]!)
    graph.initializer[stored] = tensor(matrix, shape, sum)
    return
  }
  const [added, merged] = [`${layer.output}_lora_delta`, `${layer.output}_lora_merged`]
  graph.initializer.push(tensor(added, shape, delta))
  product.input[1] = merged
  graph.node.splice(at, 0, node('Add', [matrix, added], merged))
}

function floatsOf({ dataType, rawData, floatData }: TensorProto): Float32Array | undefined {
  if (dataType !== DataType.FLOAT) return undefined
  if (floatData.length > 0) return Float32Array.from(floatData)
  return new Float32Array(rawData.slice().buffer)
}

/** scale · A B for A [inputs, rank] and B [rank, outputs]; its transpose if asked for. */
function productOf(
  a: Float32Array,
  b: Float32Array,
  inputs: number,
  outputs: number,
  scale: number,
  isTransposed: boolean,
): Float32Array {
  const rank = a.length / inputs
  const result = new Float32Array(inputs * outputs)
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j < outputs; j++) {
      let sum = 0
      for (let k = 0; k < rank; k++) sum += a[i * rank + k]! * b[k * outputs + j]!
      result[isTransposed ? j * inputs + i : i * outputs + j] = scale * sum
    }
  return result
}
