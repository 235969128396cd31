/**
 * Gradients of sums, means and extremes over axes: the gradient of one result spreads over all
 * entries that it was made from.
 */
import { integerOf } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'

/** ∂f/∂x from the gradient and the result, both in a shape that broadcasts to x. */
type Spread = (gradient: string, result: string, x: string, w: GraphWriter) => string

export const reductionRules: RuleTable = {
  ReduceSum: reduction((gradient) => gradient),

  ReduceMean: ({ node, inputs: [x = ''], output, gradient }, w) => [
    () => {
      const [whole, part] = [w.sizeOf(x, gradient), w.sizeOf(output, gradient)]
      const share = w.div(w.mul(gradient, part), whole)
      return w.expandLike(restored(node, share, w), x)
    },
  ],

  ReduceSumSquare: reduction((gradient, _, x, w) => w.mul(w.scale(gradient, 2), x)),
  ReduceL1: reduction((gradient, _, x, w) => w.mul(gradient, w.add('Sign', [x]))),

  // √Σx²: x / y, and 0 where all entries are 0.
  ReduceL2: reduction((gradient, y, x, w) => {
    const isZero = w.add('Equal', [y, w.scalar(0, y)])
    const safe = w.add('Where', [isZero, w.scalar(1, y), y])
    return w.mul(w.div(gradient, safe), x)
  }),

  ReduceLogSum: reduction((gradient, y, _, w) => w.div(gradient, w.add('Exp', [y]))),
  ReduceLogSumExp: reduction((gradient, y, x, w) => w.mul(gradient, w.add('Exp', [w.sub(x, y)]))),
  ReduceMax: extreme(),
  ReduceMin: extreme(),

  // The same sums from the other end.
  CumSum: ({ node, inputs: [, axis = ''], gradient }, w) => [
    () =>
      w.add('CumSum', [gradient, axis], {
        exclusive: integerOf(node, 'exclusive', 0),
        reverse: 1 - integerOf(node, 'reverse', 0),
      }),
  ],
}

function reduction(spread: Spread): GradientRule {
  return ({ node, inputs: [x = ''], output, gradient }, w) => [
    () => {
      const [wide, result] = [restored(node, gradient, w), restored(node, output, w)]
      return w.expandLike(spread(wide, result, x, w), x)
    },
  ]
}

/** Equal extremes share the gradient. */
function extreme(): GradientRule {
  return ({ node, inputs: [x = ''], output, gradient }: Differentiated, w) => [
    () => {
      const isChosen = w.add('Equal', [x, restored(node, output, w)])
      const chosen = w.castLike(isChosen, gradient)
      const axes = node.input[1] ?? ''
      const count = w.add('ReduceSum', axes === '' ? [chosen] : [chosen, axes], {
        keepdims: 1,
        noop_with_empty_axes: integerOf(node, 'noop_with_empty_axes', 0),
      })
      return w.mul(w.div(restored(node, gradient, w), count), chosen)
    },
  ]
}

/** Gives a reduced value its axes back, with length 1. */
function restored(node: Differentiated['node'], reduced: string, w: GraphWriter): string {
  const axes = node.input[1] ?? ''
  const isKept = integerOf(node, 'keepdims', 1) === 1
  // Without axes the result is one number, which broadcasts as it is.
  if (isKept || axes === '' || w.facts.integers(axes)?.length === 0) return reduced
  return w.add('Unsqueeze', [reduced, axes])
}
