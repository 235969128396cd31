/**
 * Finds the matrix products with weights in a decoder's graph, and the purpose of each: attention's
 * four, the rest, the output.
 */
import {
  constantCalled,
  type GraphFacts,
  type GraphProto,
  integerAttribute,
  type NodeProto,
  shapeOf,
} from '../../onnx/index.ts'
import type { LinearLayer, WeightRole } from './decoder.ts'

/** Operators that compute a whole attention from query, key and value. */
const wholeAttention = new Set(['MultiHeadAttention', 'GroupQueryAttention', 'Attention'])

/** Operators between a product's matrix and the stored weight. */
const passing = new Set(['Transpose', 'Cast', 'Identity', 'DequantizeLinear', 'Reshape'])

/** The stored tensor behind an operand, and its shape there; undefined if there is none. */
function storedBehind(
  name: string,
  graph: GraphProto,
  facts: GraphFacts,
): { readonly name: string; readonly shape: readonly number[] } | undefined {
  const found = constantCalled(name, graph, facts)
  if (found !== undefined) return { name, shape: shapeOf(found) }
  const producer = facts.producers.get(name)
  if (producer === undefined || !passing.has(producer.opType)) return undefined
  const behind = storedBehind(producer.input[0] ?? '', graph, facts)
  if (behind === undefined || producer.opType !== 'Transpose') return behind
  return { name: behind.name, shape: behind.shape.toReversed() }
}

function linearAt(
  node: NodeProto,
  graph: GraphProto,
  facts: GraphFacts,
  dependents: ReadonlySet<string>,
): Omit<LinearLayer, 'role'> | undefined {
  const [data = '', matrix = ''] = node.input
  const output = node.output[0] ?? ''
  if (!dependents.has(data)) return undefined
  if (node.opType === 'MatMulNBits') {
    const inputs = integerAttribute(node, 'K') ?? 0
    const outputs = integerAttribute(node, 'N') ?? 0
    return { weight: matrix, data, output, inputs, outputs }
  }
  if (!/^(Fused)?(MatMul|Gemm)$/.test(node.opType) || dependents.has(matrix)) return undefined
  if ((integerAttribute(node, 'transA') ?? 0) !== 0) return undefined
  const stored = storedBehind(matrix, graph, facts)
  if (stored?.shape.length !== 2) return undefined
  const flips = (integerAttribute(node, 'transB') ?? 0) !== 0
  const [inputs, outputs] = (flips ? stored.shape.toReversed() : stored.shape) as [number, number]
  return { weight: stored.name, data, output, inputs, outputs }
}

/**
 * The decoder's linear layers in graph order. The softmax identifies attention: q and k are
 * multiplied into its scores, v is what the result is multiplied with, and o is the first layer
 * that reads the product. The layer before the logits is the head.
 *
 * @param dependents values that depend on the tokens
 */
export function linearLayers(
  graph: GraphProto,
  facts: GraphFacts,
  dependents: ReadonlySet<string>,
  logits: string,
): LinearLayer[] {
  const found = new Map<string, Omit<LinearLayer, 'role'>>()
  for (const node of graph.node) {
    const linear = linearAt(node, graph, facts, dependents)
    if (linear !== undefined) found.set(linear.output, linear)
  }
  const layersBehind = (name: string): string[] => {
    const layers: string[] = []
    // Grows while it is walked: each value is looked at once, on however many ways it is reached.
    const reached = new Set([name])
    for (const at of reached) {
      if (!dependents.has(at)) continue
      if (found.has(at)) layers.push(at)
      else for (const input of facts.producers.get(at)?.input ?? []) reached.add(input)
    }
    return layers
  }
  const layerAfter = (name: string): string | undefined => {
    const reached = new Set([name])
    for (const at of reached)
      for (const { node } of facts.uses.get(at) ?? [])
        for (const output of node.output) {
          if (found.has(output)) return output
          reached.add(output)
        }
    return undefined
  }
  const roles = new Map<string, WeightRole>()
  const attend = (query: string, key: string, value: string, result: string): void => {
    const parts = { q: layersBehind(query), k: layersBehind(key), v: layersBehind(value) }
    for (const [role, layers] of Object.entries(parts) as [WeightRole, string[]][])
      for (const layer of layers) roles.set(layer, roles.has(layer) ? 'qkv' : role)
    const output = layerAfter(result)
    if (output !== undefined) roles.set(output, 'o')
  }
  for (const node of graph.node) {
    const [result = ''] = node.output
    if (wholeAttention.has(node.opType)) {
      const [query = '', key = '', value = ''] = node.input
      attend(query, key, value, result)
    } else if (node.opType === 'Softmax' && dependents.has(result)) {
      const scores = productBehind(node.input[0] ?? '', facts, dependents)
      const mixed = productAfter(result, facts)
      if (scores === undefined || mixed === undefined) continue
      const [query = '', key = ''] = scores.input
      const [, value = ''] = mixed.input
      attend(query, key, value, mixed.output[0] ?? '')
    }
  }
  for (const layer of layersBehind(logits)) roles.set(layer, 'head')
  return [...found.values()].map((it) => ({ ...it, role: roles.get(it.output) ?? 'mlp' }))
}

/** Masks, scales and conversions between two products; longer chains are none. */
const mostBetween = 1000

/**
 * The product of two values that depend on the data, seen through masks, scales and conversions.
 * @param seen values that lead to none: there may be more ways to them than can be walked
 */
function productBehind(
  name: string,
  facts: GraphFacts,
  dependents: ReadonlySet<string>,
  seen = new Set<string>(),
  left = mostBetween,
): NodeProto | undefined {
  const producer = facts.producers.get(name)
  if (producer === undefined || left === 0 || seen.has(name)) return undefined
  seen.add(name)
  if (/MatMul$/.test(producer.opType)) return producer
  const behind = producer.input.filter((it) => dependents.has(it))
  for (const input of behind) {
    const product = productBehind(input, facts, dependents, seen, left - 1)
    if (product !== undefined) return product
  }
  return undefined
}

/** The product that a value goes into as its left side. @param seen as in `productBehind` */
function productAfter(
  name: string,
  facts: GraphFacts,
  seen = new Set<string>(),
  left = mostBetween,
): NodeProto | undefined {
  if (left === 0 || seen.has(name)) return undefined
  seen.add(name)
  for (const { node, input } of facts.uses.get(name) ?? []) {
    if (/MatMul$/.test(node.opType)) return input === 0 ? node : undefined
    const product = productAfter(node.output[0] ?? '', facts, seen, left - 1)
    if (product !== undefined) return product
  }
  return undefined
}
