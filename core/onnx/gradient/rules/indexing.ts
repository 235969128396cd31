/**
 * Gradients of picking entries by position: each goes back to its source, and entries picked twice
 * add up.
 */
import type { NodeProto } from '../../onnxModel.ts'
import { integerOf, stringOf } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { positionsOf, scatterToPositions } from '../positions.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { positive } from '../shape.ts'

export const indexingRules: RuleTable = {
  Gather: gather,

  GatherElements: ({ node, inputs: [x = '', indices = ''], gradient }, w) => [
    () =>
      w.add('ScatterElements', [w.zerosLike(x), indices, gradient], {
        axis: integerOf(node, 'axis', 0),
        reduction: 'add',
      }),
  ],

  GatherND: ({ node, inputs: [x = '', indices = ''], gradient }, w) => [
    () => {
      if (integerOf(node, 'batch_dims', 0) === 0) {
        return w.add('ScatterND', [w.zerosLike(x), indices, gradient], { reduction: 'add' })
      }
      const positions = w.add('GatherND', [positionsOf(w, x), indices], {
        batch_dims: integerOf(node, 'batch_dims', 0),
      })
      return scatterToPositions(w, gradient, positions, x)
    },
  ],

  // An overwritten entry has no influence; an entry that was added to has.
  ScatterElements: ({ node, inputs: [, indices = ''], gradient }, w) => {
    const axis = integerOf(node, 'axis', 0)
    return [
      () => {
        if (isAdding(node)) return gradient
        const updates = w.add('GatherElements', [gradient, indices], { axis })
        return w.add('ScatterElements', [gradient, indices, w.zerosLike(updates)], { axis })
      },
      undefined,
      () => w.add('GatherElements', [gradient, indices], { axis }),
    ]
  },

  ScatterND: ({ node, inputs: [, indices = ''], gradient }, w) => [
    () => {
      if (isAdding(node)) return gradient
      const updates = w.add('GatherND', [gradient, indices])
      return w.add('ScatterND', [gradient, indices, w.zerosLike(updates)])
    },
    undefined,
    () => w.add('GatherND', [gradient, indices]),
  ],

  TopK: ({ node, inputs: [x = ''], gradients: [gradient], output }, w) => [
    () =>
      w.add(
        'ScatterElements',
        [w.zerosLike(x), w.outputOf(node, 1), gradient ?? w.zerosLike(output)],
        { axis: integerOf(node, 'axis', -1) },
      ),
  ],
}

function isAdding(node: NodeProto): boolean {
  const reduction = stringOf(node, 'reduction', 'none')
  if (reduction === 'add' || reduction === 'none') return reduction === 'add'
  throw unknownGradient(
    node,
    `with reduction ${reduction}`,
    'Export the model with other operators',
  )
}

/** Whole slices of x along one axis. */
function gather(
  { node, inputs: [x = '', indices = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => {
      const shape = w.shapeWithin(x, node)
      const axis = positive(integerOf(node, 'axis', 0), shape.length)
      const length = shape[axis]
      const [index, ...others] = w.facts.constants(indices) ?? []
      const isOne = index !== undefined && others.length === 0 && w.rankOf(indices, node) < 2
      if (isOne && typeof length === 'number') {
        return oneSlice(gradient, x, axis, positive(index, length), length, w)
      }
      const column = w.add('Unsqueeze', [indices, w.integers([-1])])
      const scatter = (zeros: string, updates: string): string =>
        w.add('ScatterND', [zeros, column, updates], { reduction: 'add' })
      if (axis === 0) return scatter(w.zerosLike(x), gradient)
      // ScatterND counts positions along the first axis, so the axis of the slices moves to the
      // front.
      const added = w.rankOf(indices, node)
      const before = Array.from({ length: axis }, (_, i) => i)
      const after = shape.map((_, i) => i).slice(axis + 1)
      const front = [
        ...Array.from({ length: added }, (_, i) => axis + i),
        ...before,
        ...after.map((it) => it + added - 1),
      ]
      const ordered = [axis, ...before, ...after]
      const zeros = w.zeros(w.shape(...ordered.map((it) => w.shapeOf(x, it, it + 1))), gradient)
      const sums = scatter(zeros, w.transpose(gradient, front))
      const inverse = ordered.map((_, i) => ordered.indexOf(i))
      return w.transpose(sums, inverse)
    },
  ]
}

/** A single slice, such as the class token: zeros around it. */
function oneSlice(
  gradient: string,
  x: string,
  axis: number,
  index: number,
  length: number,
  w: GraphWriter,
): string {
  const rank = w.facts.shape(x)?.length as number
  const own = w.facts.shape(gradient)?.length
  const slice = own === rank ? gradient : w.add('Unsqueeze', [gradient, w.integers([axis])])
  const pads = new Array<number>(2 * rank).fill(0)
  pads[axis] = index
  pads[axis + rank] = length - index - 1
  const result = w.add('Pad', [slice, w.integers(pads)])
  w.facts.hasShapeOf(result, x)
  return result
}
