/** Gradients of normalisations: y = γ·x̂ + β with x̂ = (x − mean) / √(variance + ε). */
import { floatOf, integerOf } from '../attributes.ts'
import { sumTo } from '../broadcasting.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { positive } from '../shape.ts'

export const normalisationRules: RuleTable = {
  LayerNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
  RMSNormalization: rmsNormalization,
  GroupNormalization: (it, w) =>
    groupNormalization(it, w.integers([integerOf(it.node, 'num_groups', 1)]), w),
  // Every channel is a group.
  InstanceNormalization: (it, w) => groupNormalization(it, w.shapeOf(it.inputs[0] ?? '', 1, 2), w),
  LRN: localResponseNormalization,
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
      // The statistics are outputs too: ∂mean/∂x = 1/n, ∂(1/√v)/∂x = −x̂/(n·v).
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

/** In inference mean and variance are ordinary inputs, one of each per channel. */
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

/**
 * Mean and variance of each sample's group of channels by itself.
 *
 * @param groups their number, as an int64 list of one
 */
function groupNormalization(
  { node, inputs: [x = '', scale = ''], gradient }: Differentiated,
  groups: string,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const shape = w.shapeWithin(x, node)
  const [channels, scales] = [shape[1], w.facts.shape(scale)?.[0]]
  if (typeof channels === 'number' && typeof scales === 'number' && scales !== channels)
    throw unknownGradient(node, 'with a scale for each group', 'Export it with opset_version 21')
  const spatial = shape.map((_, axis) => axis).slice(2)
  const mean = (of: string): string => w.add('ReduceMean', [of, w.integers([2])], { keepdims: 1 })
  const grouped = (of: string): string => w.reshape(of, w.shape(w.shapeOf(x, 0, 1), groups, [-1]))
  const entries = grouped(x)
  const centred = w.sub(entries, mean(entries))
  const variance = mean(w.mul(centred, centred))
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const inverse = w.add('Reciprocal', [w.add('Sqrt', [w.plus(variance, epsilon)])])
  const normal = w.mul(centred, inverse)
  const wide = w.add('Unsqueeze', [scale, w.integers(spatial.map((it) => it - 1))])
  return [
    () => {
      const slope = grouped(w.mul(gradient, wide))
      return w.reshapeLike(throughStatistics(slope, normal, inverse, [2], w), x)
    },
    () => w.sum(w.mul(gradient, w.reshapeLike(normal, x)), [0, ...spatial], false),
    () => w.sum(gradient, [0, ...spatial], false),
  ]
}

/** y = γ · x / √(mean(x²) + ε): a layer normalisation without the mean. */
function rmsNormalization(
  { node, inputs: [x = '', scale = ''], output, gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const rank = w.rankOf(x, node)
  const first = positive(integerOf(node, 'axis', -1), rank)
  const axes = Array.from({ length: rank - first }, (_, i) => first + i)
  const mean = (of: string): string => w.add('ReduceMean', [of, w.integers(axes)], { keepdims: 1 })
  const size = w.plus(mean(w.mul(x, x)), floatOf(node, 'epsilon', 1e-5))
  const inverse = w.add('Reciprocal', [w.add('Sqrt', [size])])
  const normal = w.mul(x, inverse)
  return [
    () => {
      const slope = w.mul(gradient, scale)
      return w.mul(w.sub(slope, w.mul(normal, mean(w.mul(slope, normal)))), inverse)
    },
    () => sumTo(w, w.mul(gradient, normal), scale, output),
  ]
}

/**
 * y = x · s^−β with s = k + α/n · Σ x² over n channels around. ∂x = ∂y · s^−β − 2αβ/n · x · Σ ∂y ·
 * x · s^(−β−1), where the sum is over the channels that have this one around them.
 */
function localResponseNormalization(
  { node, inputs: [x = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const size = integerOf(node, 'size', 1)
  const [alpha, beta] = [floatOf(node, 'alpha', 1e-4), floatOf(node, 'beta', 0.75)]
  const power = (of: string, exponent: number): string => w.add('Pow', [of, w.scalar(exponent, of)])
  const [below, above] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
  return [
    () => {
      const squares = overChannels(w.mul(x, x), x, below, above, w)
      const s = w.plus(w.scale(squares, alpha / size), floatOf(node, 'bias', 1))
      const share = w.mul(w.mul(gradient, x), power(s, -beta - 1))
      const around = w.mul(x, overChannels(share, x, above, below, w))
      const result = w.sub(
        w.mul(gradient, power(s, -beta)),
        w.scale(around, (2 * alpha * beta) / size),
      )
      w.facts.hasShapeOf(result, x)
      return result
    },
  ]
}

/** Each channel's sum with the given numbers of channels before and after it. */
function overChannels(
  a: string,
  like: string,
  before: number,
  behind: number,
  w: GraphWriter,
): string {
  const rows = w.reshape(a, w.shape(w.shapeOf(like, 0, 1), [1], w.shapeOf(like, 1, 2), [-1]))
  const means = w.add('AveragePool', [rows], {
    kernel_shape: [before + behind + 1, 1],
    pads: [before, 0, behind, 0],
    count_include_pad: 1,
  })
  return w.reshapeLike(w.scale(means, before + behind + 1), like)
}
