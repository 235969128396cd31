/**
 * Reverse-mode differentiation of an ONNX graph. Visits every node, last first, and turns the
 * gradients of its outputs into gradients of its inputs by its operator's rule. The gradients of a
 * value with several readers add up.
 */
import { HisoError, messageOf } from '../../base/index.ts'
import { type NodeProto } from '../onnxModel.ts'
import { DataType } from '../tensorValues.ts'
import { hasSubgraphs } from './attributes.ts'
import { factsOf } from '../graphFacts.ts'
import type { GraphWriter } from './graphWriter.ts'
import { nameOf } from './refusal.ts'
import type { GradientRule } from './rule.ts'
import { isFlat, ruleFor } from './rules.ts'

const floating = new Set<number>([
  DataType.UNDEFINED,
  DataType.FLOAT,
  DataType.DOUBLE,
  DataType.FLOAT16,
  DataType.BFLOAT16,
])

/**
 * Appends the gradients of f with respect to `sources` to the graph.
 *
 * @param seeds ∂f/∂value for the values that f consists of, each in its value's shape
 * @returns ∂f/∂source for each source, in its shape; undefined if f does not depend on it
 * @throws HisoError MODEL_UNSUPPORTED naming the operator that has no rule, and its node
 */
export function backpropagate(
  w: GraphWriter,
  sources: readonly string[],
  seeds: ReadonlyMap<string, string>,
): (string | undefined)[] {
  const nodes = [...w.graph.node]
  const active = dependentsOf(w, sources)
  checkRules(nodes, active, seeds)
  const contributions = new Map<string, string[]>()
  for (const [value, seed] of seeds) contributions.set(value, [seed])

  /** The sum of all gradients of a value so far; complete once every reader has been visited. */
  const gradientOf = (value: string): string | undefined => {
    const parts = contributions.get(value)
    if (parts === undefined) return undefined
    const [first] = parts
    const total =
      parts.length === 1 ? (first as string) : w.add(parts.length === 2 ? 'Add' : 'Sum', parts)
    w.facts.hasShapeOf(total, value)
    contributions.set(value, [total])
    return total
  }

  for (const node of nodes.toReversed()) {
    if (!node.output.some((it) => contributions.has(it) && active.has(it))) continue
    const gradients = node.output.map((it) => (active.has(it) ? gradientOf(it) : undefined))
    const rule = ruleOf(node) as GradientRule
    const differentiated = {
      node,
      inputs: [...node.input],
      output: node.output[0] ?? '',
      gradient: gradients[0] ?? '',
      gradients,
    }
    const inputGradients = naming(node, () => rule(differentiated, w))
    node.input.forEach((value, index) => {
      const write = inputGradients[index]
      if (!active.has(value)) return
      if (write === undefined) throw withoutInputRule(node, value)
      const list = contributions.get(value)
      const part = naming(node, write)
      if (list === undefined) contributions.set(value, [part])
      else list.push(part)
    })
  }
  return sources.map(gradientOf)
}

/** A rule that trips over a node names it, instead of looking like a mistake of the program. */
function naming<Result>(node: NodeProto, write: () => Result): Result {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof HisoError) throw cause
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: nameOf(node),
      what: `the gradient of this ${describe(node)} can't be written (${messageOf(cause)})`,
      remedy: 'Choose a zeroth-order method (hiso, decomfl), which needs forward passes only',
      cause,
    })
  }
}

/** Before writing anything, so that a missing rule is reported first. */
function checkRules(
  nodes: readonly NodeProto[],
  active: ReadonlySet<string>,
  seeds: ReadonlyMap<string, string>,
): void {
  const needed = new Set(seeds.keys())
  const refused: NodeProto[] = []
  for (const node of nodes.toReversed()) {
    if (!node.output.some((it) => needed.has(it) && active.has(it))) continue
    if (ruleOf(node) === undefined) refused.push(node)
    for (const name of node.input) if (active.has(name)) needed.add(name)
  }
  if (refused.length > 0) throw withoutRule(refused.toReversed())
}

function ruleOf({ domain, opType }: NodeProto): GradientRule | undefined {
  return domain === '' || domain === 'ai.onnx' ? ruleFor(opType) : undefined
}

/** The values that change smoothly with the sources. */
function dependentsOf(w: GraphWriter, sources: readonly string[]): Set<string> {
  const active = new Set(sources)
  const { usedBySubgraphs } = factsOf(w.graph)
  for (const node of w.graph.node) {
    if (isFlat(node.opType)) continue
    const reads = hasSubgraphs(node) ? [...node.input, ...usedBySubgraphs] : node.input
    if (!reads.some((it) => active.has(it))) continue
    for (const output of node.output) {
      if (output !== '' && floating.has(w.facts.type(output))) active.add(output)
    }
  }
  return active
}

function describe(node: NodeProto): string {
  const domain = node.domain === '' || node.domain === 'ai.onnx' ? '' : ` of ${node.domain}`
  return `${node.opType}${domain}`
}

/** @param nodes at least one, in the order of the file */
function withoutRule(nodes: readonly NodeProto[]): HisoError {
  const operators = [...new Set(nodes.map(describe))]
  return new HisoError('MODEL_UNSUPPORTED', {
    where: nameOf(nodes[0] as NodeProto),
    what: `there is no gradient rule for the operator${operators.length === 1 ? '' : 's'} ${operators.join(', ')}`,
    remedy:
      'Choose a zeroth-order method (hiso, decomfl), which needs forward passes only, or export the model with other operators',
  })
}

function withoutInputRule(node: NodeProto, input: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: nameOf(node),
    what: `the gradient rule of the operator ${describe(node)} does not reach its input ${input}`,
    remedy: 'Choose a zeroth-order method, or leave what leads to it out of task.trainable',
  })
}
