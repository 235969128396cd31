/**
 * Gradients of arithmetic: each output entry depends on one entry of each input, which broadcasting
 * may have repeated.
 */
import { sumTo } from '../broadcasting.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { pointwise, type Differentiated, type GradientRule, type RuleTable } from '../rule.ts'

/** 2 / √π, the factor in erf′. */
const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)

export const elementwiseRules: RuleTable = {
  Add: ({ inputs: [a = '', b = ''], output, gradient }, w) => [
    () => sumTo(w, gradient, a, output),
    () => sumTo(w, gradient, b, output),
  ],

  Sub: ({ inputs: [a = '', b = ''], output, gradient }, w) => [
    () => sumTo(w, gradient, a, output),
    () => w.neg(sumTo(w, gradient, b, output)),
  ],

  Mul: ({ inputs: [a = '', b = ''], output, gradient }, w) => [
    () => sumTo(w, w.mul(gradient, b), a, output),
    () => sumTo(w, w.mul(gradient, a), b, output),
  ],

  // ∂(a/b)/∂b = −(a/b)/b
  Div: ({ inputs: [a = '', b = ''], output, gradient }, w) => [
    () => sumTo(w, w.div(gradient, b), a, output),
    () => w.neg(sumTo(w, w.div(w.mul(gradient, output), b), b, output)),
  ],

  Sum: ({ inputs, output, gradient }, w) => inputs.map((x) => () => sumTo(w, gradient, x, output)),

  Mean: ({ inputs, output, gradient }, w) =>
    inputs.map((x) => () => sumTo(w, w.scale(gradient, 1 / inputs.length), x, output)),

  Max: extreme,
  Min: extreme,
  Pow: power,

  Where: ({ inputs: [condition = '', a = '', b = ''], output, gradient }, w) => [
    undefined,
    () => sumTo(w, w.keepWhere(condition, gradient), a, output),
    () => sumTo(w, w.keepWhere(w.add('Not', [condition]), gradient), b, output),
  ],

  Identity: ({ gradient }) => [() => gradient],
  Cast: ({ inputs: [x = ''], gradient }, w) => [() => w.castLike(gradient, x)],
  CastLike: ({ inputs: [x = ''], gradient }, w) => [() => w.castLike(gradient, x)],
  // In inference it passes everything on; promotion refuses models that draw random numbers.
  Dropout: ({ gradient }) => [() => gradient],

  Neg: ({ gradient }, w) => [() => w.neg(gradient)],
  Exp: pointwise((_, y) => y),
  Log: ({ inputs: [x = ''], gradient }, w) => [() => w.div(gradient, x)],
  Sqrt: ({ output, gradient }, w) => [() => w.div(w.scale(gradient, 0.5), output)],
  Reciprocal: pointwise((_, y, w) => w.neg(w.mul(y, y))),
  Abs: pointwise((x, _, w) => w.add('Sign', [x])),
  Sin: pointwise((x, _, w) => w.add('Cos', [x])),
  Cos: pointwise((x, _, w) => w.neg(w.add('Sin', [x]))),
  Tan: pointwise((_, y, w) => w.plus(w.mul(y, y), 1)),
  Asin: pointwise((x, _, w) => w.add('Reciprocal', [w.add('Sqrt', [oneMinusSquare(x, w)])])),
  Acos: pointwise((x, _, w) => w.neg(w.add('Reciprocal', [w.add('Sqrt', [oneMinusSquare(x, w)])]))),
  Atan: pointwise((x, _, w) => w.add('Reciprocal', [w.plus(w.mul(x, x), 1)])),
  Sinh: pointwise((x, _, w) => w.add('Cosh', [x])),
  Cosh: pointwise((x, _, w) => w.add('Sinh', [x])),
  Asinh: pointwise((x, _, w) => w.add('Reciprocal', [w.add('Sqrt', [w.plus(w.mul(x, x), 1)])])),
  Acosh: pointwise((x, _, w) => w.add('Reciprocal', [w.add('Sqrt', [w.plus(w.mul(x, x), -1)])])),
  Atanh: pointwise((x, _, w) => w.add('Reciprocal', [oneMinusSquare(x, w)])),
  Erf: pointwise((x, _, w) => w.scale(w.add('Exp', [w.neg(w.mul(x, x))]), TWO_OVER_ROOT_PI)),

  // Beyond its bounds an entry has no influence; on a bound it has.
  Clip: ({ inputs: [x = '', least = '', most = ''], gradient }, w) => [
    () => {
      const above =
        least === '' ? gradient : w.keepWhere(w.add('GreaterOrEqual', [x, least]), gradient)
      return most === '' ? above : w.keepWhere(w.add('LessOrEqual', [x, most]), above)
    },
  ],
}

function oneMinusSquare(x: string, w: GraphWriter): string {
  return w.sub(w.scalar(1, x), w.mul(x, x))
}

/** The largest or smallest of several; equal ones share the gradient. */
function extreme({ inputs, output, gradient }: Differentiated, w: GraphWriter) {
  const chosen = (x: string): string => w.castLike(w.add('Equal', [x, output]), gradient)
  return inputs.map((x) => () => {
    if (inputs.length === 1) return gradient
    const share = w.div(gradient, w.add('Sum', inputs.map(chosen)))
    return sumTo(w, w.mul(share, chosen(x)), x, output)
  })
}

/** a^b: ∂/∂a = b·a^(b−1), ∂/∂b = a^b·ln a, which is 0 at a ≤ 0, where it has no value. */
function power(
  { inputs: [a = '', b = ''], output, gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => {
      const exponent = w.castLike(b, a)
      if (numberOf(w, b) === 2) return sumTo(w, w.mul(w.scale(gradient, 2), a), a, output)
      const slope = w.mul(exponent, w.add('Pow', [a, w.plus(exponent, -1)]))
      // With b = 0 at a = 0 the product would be 0 · ∞.
      const isFlat = w.add('Equal', [exponent, w.scalar(0, a)])
      const safe = w.add('Where', [isFlat, w.scalar(0, a), slope])
      return sumTo(w, w.mul(gradient, safe), a, output)
    },
    () => {
      const isPositive = w.add('Greater', [a, w.scalar(0, a)])
      const logarithm = w.add('Log', [w.add('Where', [isPositive, a, w.scalar(1, a)])])
      const all = w.mul(gradient, w.mul(output, logarithm))
      return w.castLike(sumTo(w, all, b, output), b)
    },
  ]
}

/** A constant without dimensions. */
function numberOf({ facts }: GraphWriter, name: string): number | undefined {
  if (facts.shape(name)?.length !== 0) return undefined
  return facts.floats(name)?.[0] ?? facts.constants(name)?.[0]
}
