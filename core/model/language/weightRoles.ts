/** The role of each weight of a decoder, decided by its layer and not by its name. */
import type { GraphFacts, Weight, WeightContext } from '../../onnx/index.ts'
import type { LinearLayer, WeightRole } from './decoder.ts'

const normalisations = new Set([
  ...['LayerNormalization', 'SkipLayerNormalization', 'SimplifiedLayerNormalization'],
  ...['SkipSimplifiedLayerNormalization', 'RMSNormalization'],
])

/** So many views may stand behind each other. */
const mostViews = 1000

/** Operators after which a weight is still itself. */
const viewing = new Set(['Identity', 'Cast', 'Transpose', 'Reshape', 'Unsqueeze', 'Squeeze'])

/**
 * The role of a weight, or undefined for other tensors: a table of angles, a mask, a number of the
 * exporter's.
 */
export function roleOfWeight(
  { name, shape }: Pick<Weight, 'name' | 'shape'>,
  { facts, dependents }: Pick<WeightContext, 'facts' | 'dependents'>,
  layers: ReadonlyMap<string, LinearLayer>,
  left = mostViews,
): WeightRole | undefined {
  if (left === 0) return undefined
  const matrices = [...layers.values()]
  const own = matrices.filter((it) => it.weight === name)
  for (const { node, input } of facts.uses.get(name) ?? []) {
    const [output = ''] = node.output
    if (/^Gather(BlockQuantized)?$/.test(node.opType) && input === 0) {
      if (dependents.has(node.input[1] ?? '')) return 'embedding'
      if (isAdded(output, facts)) return 'position'
      return undefined
    }
    if (viewing.has(node.opType) && input === 0) {
      const role = roleOfWeight({ name: output, shape }, { facts, dependents }, layers, left - 1)
      if (role !== undefined && role !== 'position') return role
    }
    if (normalisations.has(node.opType) && input > 0) return 'norm'
    if (node.opType === 'Gemm' && input === 2) return layers.get(output)?.role
    if (node.opType === 'Add' || node.opType === 'Mul') {
      const other = node.input[1 - input] ?? ''
      if (!dependents.has(other)) continue
      const layer = node.opType === 'Add' ? layerBefore(other, facts, layers) : undefined
      if (layer !== undefined) return layer.role
      if (isLine(shape)) return 'norm'
    }
  }
  return own[0]?.role
}

/** A vector, perhaps with axes of length 1 before it. */
function isLine(shape: readonly number[]): boolean {
  return shape.filter((it) => it > 1).length === 1
}

/** Whether a value becomes a summand: positions are added to words, angles are multiplied. */
function isAdded(name: string, facts: GraphFacts): boolean {
  const views = new Set([name])
  for (const at of views)
    for (const { node } of facts.uses.get(at) ?? []) {
      if (node.opType === 'Add' || node.opType.startsWith('Skip')) return true
      if (viewing.has(node.opType)) views.add(node.output[0] ?? '')
    }
  return false
}

/** The linear layer that made a value, seen through views. */
function layerBefore(
  name: string,
  facts: GraphFacts,
  layers: ReadonlyMap<string, LinearLayer>,
): LinearLayer | undefined {
  let at = name
  for (let left = mostViews; left > 0; left--) {
    const layer = layers.get(at)
    const producer = facts.producers.get(at)
    if (layer !== undefined || producer === undefined) return layer
    if (!viewing.has(producer.opType)) return undefined
    at = producer.input[0] ?? ''
  }
  return undefined
}
