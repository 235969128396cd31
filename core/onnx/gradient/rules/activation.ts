/**
 * Gradients of activation functions. At a kink the rule takes the derivative from the left, as
 * PyTorch does.
 */
import { floatOf, stringOf } from '../attributes.ts'
import { sumTo } from '../broadcasting.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { pointwise, type RuleTable } from '../rule.ts'

/** Selu's constants, as ONNX defines them. */
const SELU_ALPHA = 1.6732632423543772
const SELU_GAMMA = 1.0507009873554805

export const activationRules: RuleTable = {
  Relu: ({ output, gradient }, w) => [() => w.keepWhere(isPositive(w, output), gradient)],

  LeakyRelu: ({ inputs: [x = ''], gradient, node }, w) => [
    () => where(w, isPositive(w, x), gradient, w.scale(gradient, floatOf(node, 'alpha', 0.01))),
  ],

  PRelu: ({ inputs: [x = '', slope = ''], output, gradient }, w) => [
    () => where(w, isPositive(w, x), gradient, w.mul(gradient, slope)),
    () => {
      const below = w.add('Not', [isPositive(w, x)])
      return sumTo(w, w.keepWhere(below, w.mul(gradient, x)), slope, output)
    },
  ],

  // α(eˣ − 1) has the derivative αeˣ = y + α.
  Elu: ({ inputs: [x = ''], output, gradient, node }, w) => [
    () => {
      const slope = w.plus(output, floatOf(node, 'alpha', 1))
      return where(w, isPositive(w, x), gradient, w.mul(gradient, slope))
    },
  ],

  Selu: ({ inputs: [x = ''], output, gradient, node }, w) => [
    () => {
      const gamma = floatOf(node, 'gamma', SELU_GAMMA)
      const slope = w.plus(output, gamma * floatOf(node, 'alpha', SELU_ALPHA))
      return where(w, isPositive(w, x), w.scale(gradient, gamma), w.mul(gradient, slope))
    },
  ],

  Celu: ({ inputs: [x = ''], gradient, node }, w) => [
    () => {
      const slope = w.add('Exp', [w.scale(x, 1 / floatOf(node, 'alpha', 1))])
      return where(w, isPositive(w, x), gradient, w.mul(gradient, slope))
    },
  ],

  ThresholdedRelu: ({ inputs: [x = ''], gradient, node }, w) => [
    () => {
      const threshold = w.scalar(floatOf(node, 'alpha', 1), x)
      return w.keepWhere(w.add('Greater', [x, threshold]), gradient)
    },
  ],

  Tanh: pointwise((_, y, w) => w.sub(w.scalar(1, y), w.mul(y, y))),
  Sigmoid: pointwise((_, y, w) => w.mul(y, w.sub(w.scalar(1, y), y))),
  Softplus: pointwise((x, _, w) => w.add('Sigmoid', [x])),

  Softsign: ({ inputs: [x = ''], gradient }, w) => [
    () => {
      const width = w.plus(w.add('Abs', [x]), 1)
      return w.div(gradient, w.mul(width, width))
    },
  ],

  // max(0, min(1, αx + β))
  HardSigmoid: ({ inputs: [x = ''], gradient, node }, w) => [
    () => {
      const alpha = floatOf(node, 'alpha', 0.2)
      const line = w.plus(w.scale(x, alpha), floatOf(node, 'beta', 0.5))
      return w.keepWhere(isBetween(w, line, 0, 1), w.scale(gradient, alpha))
    },
  ],

  // x · max(0, min(1, x/6 + 1/2)): 0 up to −3, x/3 + 1/2 between, 1 from 3 on.
  HardSwish: ({ inputs: [x = ''], gradient }, w) => [
    () => {
      const inner = w.mul(gradient, w.plus(w.scale(x, 1 / 3), 0.5))
      const rest = w.keepWhere(isPositive(w, x), gradient)
      return where(w, isBetween(w, x, -3, 3), inner, rest)
    },
  ],

  // x · tanh(softplus x)
  Mish: pointwise((x, _, w) => {
    const t = w.add('Tanh', [w.add('Softplus', [x])])
    const slope = w.mul(w.sub(w.scalar(1, x), w.mul(t, t)), w.add('Sigmoid', [x]))
    return w.add2(t, w.mul(x, slope))
  }),

  Gelu: pointwise((x, _, w, node) =>
    stringOf(node, 'approximate', 'none') === 'tanh' ? tanhGeluSlope(x, w) : geluSlope(x, w),
  ),
}

/**
 * x·Φ(x) has the derivative Φ(x) + x·φ(x), Φ and φ being the standard normal's distribution and
 * density.
 */
function geluSlope(x: string, w: GraphWriter): string {
  const erf = w.add('Erf', [w.scale(x, Math.SQRT1_2)])
  const distribution = w.scale(w.plus(erf, 1), 0.5)
  const density = w.scale(w.add('Exp', [w.scale(w.mul(x, x), -0.5)]), 1 / Math.sqrt(2 * Math.PI))
  return w.add2(distribution, w.mul(x, density))
}

/** ½x(1 + t) with t = tanh(√(2/π)(x + 0.044715x³)). */
function tanhGeluSlope(x: string, w: GraphWriter): string {
  const c = Math.sqrt(2 / Math.PI)
  const square = w.mul(x, x)
  const t = w.add('Tanh', [w.mul(w.scale(x, c), w.plus(w.scale(square, 0.044715), 1))])
  const inner = w.plus(w.scale(square, 3 * 0.044715 * c), c)
  const slope = w.mul(w.sub(w.scalar(1, x), w.mul(t, t)), inner)
  return w.scale(w.add2(w.plus(t, 1), w.mul(x, slope)), 0.5)
}

function isPositive(w: GraphWriter, x: string): string {
  return w.add('Greater', [x, w.scalar(0, x)])
}

function isBetween(w: GraphWriter, x: string, least: number, most: number): string {
  const above = w.add('Greater', [x, w.scalar(least, x)])
  return w.add('And', [above, w.add('Less', [x, w.scalar(most, x)])])
}

function where(w: GraphWriter, condition: string, yes: string, no: string): string {
  return w.add('Where', [condition, yes, no])
}
