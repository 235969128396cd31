/** The gradient of Resize, for every kind of interpolation. */
import type { NodeProto } from '../../onnxModel.ts'
import { floatOf, integerOf, integersOf, stringOf, type Attributes } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { positive } from '../shape.ts'

export const resizeRules: RuleTable = { Resize: resize }

/**
 * Each axis is resized on its own: y = A x along it with its own matrix A, so ∂x = Aᵀ ∂y along
 * each.
 */
function resize(it: Differentiated, w: GraphWriter): ReturnType<GradientRule> {
  const { node, inputs, output, gradient } = it
  const [x = ''] = inputs
  refuseWhatIsNotLinear(node)
  const from = w.shapeWithin(x, node)
  const to = w.facts.shape(output)
  const axes = integersOf(node, 'axes') ?? from.map((_, axis) => axis)
  return [
    () => {
      let result = gradient
      for (const [place, given] of axes.entries()) {
        const axis = positive(given, from.length)
        if (from[axis] === to?.[axis]) continue
        result = along(result, axis, from.length, interpolation(it, axis, place, w), w)
      }
      w.facts.hasShapeOf(result, x)
      return result
    },
  ]
}

function refuseWhatIsNotLinear(node: NodeProto): void {
  const remedy = 'Export the model with a plain scale or size'
  if (stringOf(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize')
    throw unknownGradient(node, 'with a region of interest', remedy)
  if (stringOf(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    throw unknownGradient(node, 'that keeps the aspect ratio', remedy)
}

/**
 * Aᵀ of an axis, [length before, length after]: the operator's own output for the rows of the
 * identity.
 *
 * @param place of the axis among the node's scales or sizes
 */
function interpolation(
  { node, inputs: [x = '', , scales = '', sizes = ''], output, gradient }: Differentiated,
  axis: number,
  place: number,
  w: GraphWriter,
): string {
  const [before, after] = [w.shapeOf(x, axis, axis + 1), w.shapeOf(output, axis, axis + 1)]
  const identity = w.add('EyeLike', [w.zeros(w.shape(before, before), gradient)])
  const image = w.reshape(identity, w.shape([1, 1], before, before))
  const how = sizes === '' ? [scaleOf(scales, place, w)] : ['', w.shape([1, 1], before, after)]
  return w.reshape(w.add('Resize', [image, '', ...how], kindOf(node)), w.shape(before, after))
}

/** One of several scales, for the last axis of an image. */
function scaleOf(scales: string, place: number, w: GraphWriter): string {
  const known = w.facts.floats(scales)?.[place]
  if (known !== undefined) return w.table([4], Float32Array.of(1, 1, 1, known), scales)
  const own = w.add('Slice', [scales, w.integers([place]), w.integers([place + 1])])
  return w.add('Concat', [w.table([3], Float32Array.of(1, 1, 1), scales), own], { axis: 0 })
}

/** How it interpolates. */
function kindOf(node: NodeProto): Attributes {
  return {
    mode: stringOf(node, 'mode', 'nearest'),
    coordinate_transformation_mode: stringOf(node, 'coordinate_transformation_mode', 'half_pixel'),
    nearest_mode: stringOf(node, 'nearest_mode', 'round_prefer_floor'),
    cubic_coeff_a: { float: floatOf(node, 'cubic_coeff_a', -0.75) },
    exclude_outside: integerOf(node, 'exclude_outside', 0),
    antialias: integerOf(node, 'antialias', 0),
  }
}

/** The matrix times the entries along an axis. */
function along(a: string, axis: number, rank: number, matrix: string, w: GraphWriter): string {
  if (axis === rank - 2) return w.matMul(matrix, a)
  const turned = w.transpose(matrix, [1, 0])
  if (axis === rank - 1) return w.matMul(a, turned)
  const axes = Array.from({ length: rank }, (_, i) => i)
  const last = [...axes.filter((it) => it !== axis), axis]
  const product = w.matMul(w.transpose(a, last), turned)
  const back = axes.map((it) => last.indexOf(it))
  return w.transpose(product, back)
}
