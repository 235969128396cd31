/** Gradients of normalisations: y = γ·x̂ + β with x̂ = (x − mean) / √(variance + ε). */
import { floatOf, integerOf } from '../attributes.ts'
import { sumTo } from '../broadcasting.ts'
import type { GraphWriter } from '../graphWriter.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { positive } from '../shape.ts'

export const normalisationRules: RuleTable = {
  LayerNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
}

/**
 * Through a mean and a variance over the same entries as x̂:
 * ∂x = (∂x̂ − mean(∂x̂) − x̂·mean(∂x̂·x̂)) / √(variance + ε).
 */
function throughStatistics(
  slope: string,
  normal: string,
  inverse: string,
  axes: readonly number[],
  w: GraphWriter,
): string {
  const mean = (of: string): string => w.add('ReduceMean', [of, w.integers(axes)], { keepdims: 1 })
  const centred = w.sub(w.sub(slope, mean(slope)), w.mul(normal, mean(w.mul(slope, normal))))
  return w.mul(centred, inverse)
}

function layerNormalization(
  { node, inputs: [x = '', scale = '', bias = ''], output, gradients }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const rank = w.rankOf(x, node)
  const first = positive(integerOf(node, 'axis', -1), rank)
  const axes = Array.from({ length: rank - first }, (_, i) => first + i)
  const [gradient = w.zerosLike(output), ofMean, ofInverse] = gradients
  const [mean, inverse] = [1, 2].map((it) => w.castLike(w.outputOf(node, it), x)) as [
    string,
    string,
  ]
  const normal = w.mul(w.sub(x, mean), inverse)
  return [
    () => {
      const own = throughStatistics(w.mul(gradient, scale), normal, inverse, axes, w)
      if (ofMean === undefined && ofInverse === undefined) return own
      // The statistics themselves are outputs too: ∂mean/∂x = 1/n, ∂(1/√v)/∂x = −x̂/(n·v).
      const count = w.div(w.sizeOf(x, x), w.sizeOf(mean, x))
      const direct = ofMean === undefined ? w.zerosLike(mean) : w.castLike(ofMean, x)
      const further =
        ofInverse === undefined
          ? direct
          : w.sub(direct, w.mul(w.mul(w.castLike(ofInverse, x), w.mul(inverse, inverse)), normal))
      return w.add2(own, w.div(further, count))
    },
    () => sumTo(w, w.mul(gradient, normal), scale, output),
    () => sumTo(w, gradient, bias, output),
  ]
}

/** In inference mean and variance are inputs like any others, one of each for a channel. */
function batchNormalization(
  { node, inputs: [x = '', scale = '', , mean = '', variance = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const rank = w.rankOf(x, node)
  const trailing = Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 1)
  const others = [0, ...trailing.map((it) => it + 1)]
  const wide = (channels: string): string =>
    trailing.length === 0 ? channels : w.add('Unsqueeze', [channels, w.integers(trailing)])
  const total = (of: string): string => w.sum(of, others, false)
  const deviation = w.add('Sqrt', [w.plus(variance, floatOf(node, 'epsilon', 1e-5))])
  const factor = w.div(scale, deviation)
  const centred = w.sub(x, wide(mean))
  return [
    () => w.mul(gradient, wide(factor)),
    () => w.div(total(w.mul(gradient, centred)), deviation),
    () => total(gradient),
    () => w.neg(w.mul(total(gradient), factor)),
    () => {
      const cube = w.mul(deviation, w.mul(deviation, deviation))
      return w.scale(w.div(w.mul(total(w.mul(gradient, centred)), scale), cube), -0.5)
    },
  ]
}

/** Mean and variance of each sample's channel by itself. */
function instanceNormalization(
  { node, inputs: [x = '', scale = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const axes = w
    .shapeWithin(x, node)
    .map((_, axis) => axis)
    .slice(2)
  const mean = (of: string): string => w.add('ReduceMean', [of, w.integers(axes)], { keepdims: 1 })
  const centred = w.sub(x, mean(x))
  const variance = mean(w.mul(centred, centred))
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const inverse = w.add('Reciprocal', [w.add('Sqrt', [w.plus(variance, epsilon)])])
  const normal = w.mul(centred, inverse)
  const wide = w.add('Unsqueeze', [scale, w.integers(axes.map((it) => it - 1))])
  return [
    () => throughStatistics(w.mul(gradient, wide), normal, inverse, axes, w),
    () => w.sum(w.mul(gradient, normal), [0, ...axes], false),
    () => w.sum(gradient, [0, ...axes], false),
  ]
}
