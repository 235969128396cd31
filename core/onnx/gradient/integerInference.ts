/**
 * Follows small integer tensors through the arithmetic that exporters write around shapes (Shape,
 * Gather, Concat, Reshape's target…). An open dimension stays a name.
 */
import { own } from '../../base/index.ts'
import { type Dimension, type NodeProto } from '../onnxModel.ts'
import { DataType, integerValues } from '../tensorValues.ts'
import { integerOf, integersOf, tensorOf } from './attributes.ts'
import type { KnownValues, Shape } from './shape.ts'

type IntegerRule = (
  input: (index: number) => Shape | undefined,
  node: NodeProto,
  facts: KnownValues,
) => Shape | undefined

const first: IntegerRule = (input) => input(0)

const rules: Readonly<Record<string, IntegerRule>> = {
  Shape: (_, node, facts) =>
    facts
      .shape(node.input[0] ?? '')
      ?.slice(integerOf(node, 'start', 0), integerOf(node, 'end', Number.MAX_SAFE_INTEGER)),
  Size: (_, node, facts) => {
    const sizes = facts.sizes(node.input[0] ?? '')
    return sizes && [sizes.reduce((product, it) => product * it, 1)]
  },
  Constant: (_, node, facts) => {
    const [name = ''] = node.output
    const tensor = tensorOf(node, 'value')
    if (tensor === undefined) return integersOf(node, 'value_ints')
    facts.learnTensor(name, tensor)
    return facts.integers(name)
  },
  ConstantOfShape: (input, node) => {
    const [length] = input(0) ?? []
    const value = tensorOf(node, 'value')
    if (typeof length !== 'number' || input(0)?.length !== 1 || length > 64) return undefined
    if (value?.dataType !== DataType.INT64) return undefined
    return new Array<Dimension>(length).fill(integerValues(value)[0] ?? 0)
  },
  Identity: first,
  Cast: first,
  Squeeze: first,
  Unsqueeze: first,
  Reshape: first,
  Flatten: first,
  Gather: (input, node, facts) => {
    const [values, positions] = [input(0), facts.constants(node.input[1] ?? '')]
    if (facts.shape(node.input[0] ?? '')?.length !== 1) return undefined
    const picked = positions?.map((at) => values?.at(at))
    return picked?.every((it) => it !== undefined) === true ? picked : undefined
  },
  Concat: (input, node) => {
    const parts = node.input.map((_, index) => input(index))
    return parts.every((it) => it !== undefined) ? parts.flat() : undefined
  },
  Slice: (input, node, facts) => {
    const values = input(0)
    const [from, to, , step = [1]] = [1, 2, 3, 4].map((it) => facts.constants(node.input[it] ?? ''))
    if (facts.shape(node.input[0] ?? '')?.length !== 1 || step[0] !== 1) return undefined
    return from && to && values?.slice(from[0], to[0])
  },
  Add: pairwise((a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : undefined)),
  Sub: pairwise((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : undefined)),
  Div: pairwise((a, b) =>
    typeof a === 'number' && typeof b === 'number' && b !== 0 ? Math.trunc(a / b) : undefined,
  ),
  Mul: pairwise((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a * b
    if (a === 1) return b
    return b === 1 ? a : undefined
  }),
  // A dimension is never negative, so its name equals no negative number.
  Equal: pairwise((a, b) => {
    if (typeof a === typeof b) return a === b ? 1 : typeof a === 'number' ? 0 : undefined
    return Number(a) < 0 || Number(b) < 0 ? 0 : undefined
  }),
  Where: (input) => {
    const [condition, yes, no] = [input(0), input(1), input(2)]
    if (yes === undefined || no === undefined) return undefined
    const chosen = condition?.map((it, i) => (it === 0 ? at(no, i) : at(yes, i)))
    return chosen?.every((it) => it !== undefined) === true ? chosen : undefined
  },
}

/** @returns the contents of the node's first output, flat, if they can be known */
export function inferIntegers(node: NodeProto, facts: KnownValues): Shape | undefined {
  return own(rules, node.opType)?.((index) => facts.integers(node.input[index] ?? ''), node, facts)
}

/** Lists of equal length, or one of them a single number. */
function pairwise(operation: (a: Dimension, b: Dimension) => Dimension | undefined): IntegerRule {
  return (input) => {
    const [a, b] = [input(0), input(1)]
    if (a === undefined || b === undefined) return undefined
    const length = Math.max(a.length, b.length)
    const results = Array.from({ length }, (_, i) => {
      const [left, right] = [at(a, i), at(b, i)]
      return left === undefined || right === undefined ? undefined : operation(left, right)
    })
    return results.every((it) => it !== undefined) ? results : undefined
  }
}

function at(list: Shape, index: number): Dimension | undefined {
  return list.length === 1 ? list[0] : list[index]
}
