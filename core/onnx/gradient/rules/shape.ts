/** Gradients of operators that only rearrange entries: the gradient is rearranged back. */
import { integerOf, integersOf, stringOf } from '../attributes.ts'
import { sumTo } from '../broadcasting.ts'
import { scatterToPositions, positionsOf } from '../positions.ts'
import type { GraphWriter } from '../graphWriter.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { bounded, positive } from '../shape.ts'

const reshaped: GradientRule = ({ inputs: [x = ''], gradient }, w) => [
  () => w.reshapeLike(gradient, x),
]

export const shapeRules: RuleTable = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,

  Transpose: ({ node, inputs: [x = ''], gradient }, w) => [
    () => {
      const permutation = integersOf(node, 'perm')
      if (permutation === undefined) return w.add('Transpose', [gradient])
      const inverse = permutation.map((_, axis) => permutation.indexOf(axis))
      const result = w.transpose(gradient, inverse)
      w.facts.hasShapeOf(result, x)
      return result
    },
  ],

  Expand: ({ inputs: [x = ''], output, gradient }, w) => [() => sumTo(w, gradient, x, output)],

  Concat: ({ node, inputs, gradient }, w) => {
    const axis = integerOf(node, 'axis', 0)
    const parts = (): readonly string[] => {
      const lengths = inputs.map((x) => {
        const rank = w.rankOf(x, node)
        const at = positive(axis, rank)
        return w.shapeOf(x, at, at + 1)
      })
      const known = lengths.map((it) => w.facts.constants(it)?.[0])
      const split = known.every((it) => it !== undefined) ? w.integers(known) : w.shape(...lengths)
      return w.addMany('Split', [gradient, split], inputs.length, { axis })
    }
    return inputs.map((x, index) => () => {
      const part = parts()[index] as string
      w.facts.hasShapeOf(part, x)
      return part
    })
  },

  Split: ({ node, gradients }, w) => [
    () => {
      const parts = node.output.map((name, i) => gradients[i] ?? w.zerosLike(name))
      return w.add('Concat', parts, { axis: integerOf(node, 'axis', 0) })
    },
  ],

  Slice: slice,

  // Padding with a negative width cuts the padding off again.
  Pad: ({ node, inputs: [x = '', pads = '', , axes = ''], gradient }, w) => [
    () => {
      const mode = stringOf(node, 'mode', 'constant')
      const further = axes === '' ? [] : ['', axes]
      if (mode !== 'constant') {
        // Repeated or mirrored entries came from somewhere: positions padded in the same way show
        // from where.
        const positions = w.add('Pad', [positionsOf(w, x), pads, ...further], { mode })
        return scatterToPositions(w, gradient, positions, x)
      }
      const result = w.add('Pad', [gradient, w.neg(pads), ...further])
      w.facts.hasShapeOf(result, x)
      return result
    },
  ],

  DepthToSpace: depthToSpace,
  SpaceToDepth: ({ node, gradient }, w) => [
    () => w.add('DepthToSpace', [gradient], { blocksize: integerOf(node, 'blocksize', 1) }),
  ],

  // [a, b] tiled r × s is [r, a, s, b] before its axes are joined: the sum over r and s.
  Tile: ({ node, inputs: [x = '', repeats = ''], gradient }, w) => [
    () => {
      const axes = w.shapeWithin(x, node).map((_, axis) => axis)
      const parts = axes.flatMap((axis) => {
        const repeat = w.add('Slice', [repeats, w.integers([axis]), w.integers([axis + 1])])
        const known = w.facts.constants(repeat)
        return [known ?? repeat, w.shapeOf(x, axis, axis + 1)]
      })
      const apart = w.reshape(gradient, w.shape(...parts))
      const repeated = axes.map((axis) => 2 * axis)
      return w.reshapeLike(w.sum(apart, repeated, false), x)
    },
  ],

  Trilu: ({ node, inputs: [, diagonal = ''], gradient }, w) => [
    () => {
      const inputs = diagonal === '' ? [gradient] : [gradient, diagonal]
      return w.add('Trilu', inputs, { upper: integerOf(node, 'upper', 1) })
    },
  ],
}

/**
 * [rows, channels, height · b, width · b] with the positions within a block split off and moved
 * before or after the channels.
 */
function depthToSpace(
  { node, inputs: [x = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const block = [integerOf(node, 'blocksize', 1)]
  const isChannelFirst = stringOf(node, 'mode', 'DCR') === 'CRD'
  return [
    () => {
      const [height, width] = [w.shapeOf(x, 2, 3), w.shapeOf(x, 3, 4)]
      const apart = w.shape(w.shapeOf(gradient, 0, 2), height, block, width, block)
      const order = isChannelFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
      return w.reshapeLike(w.transpose(w.reshape(gradient, apart), order), x)
    },
  ]
}

/**
 * Zeros around the gradient if the step is 1 and the position is known; otherwise entry by entry.
 */
function slice(
  { inputs: [x = '', ...how], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => {
      const pads = paddingAround(x, how, w)
      if (pads === undefined) {
        const positions = w.add('Slice', [positionsOf(w, x), ...how])
        return scatterToPositions(w, gradient, positions, x)
      }
      const result = w.add('Pad', [gradient, w.integers(pads)])
      w.facts.hasShapeOf(result, x)
      return result
    },
  ]
}

function paddingAround(x: string, how: readonly string[], w: GraphWriter): number[] | undefined {
  const [starts, ends, given, steps] = how.map((it) => w.facts.constants(it))
  const shape = w.facts.shape(x)
  if (shape === undefined || starts === undefined || ends === undefined) return undefined
  if ((how[2] && given === undefined) || (how[3] && steps?.every((it) => it === 1) !== true)) {
    return undefined
  }
  const rank = shape.length
  const pads = new Array<number>(2 * rank).fill(0)
  for (const [i, start] of starts.entries()) {
    const axis = positive(given?.[i] ?? i, rank)
    const [length, end] = [shape[axis], ends[i] as number]
    if (typeof length !== 'number') {
      const isWhole = start === 0 && end >= 2 ** 31 - 1
      if (!isWhole) return undefined
      continue
    }
    const from = bounded(start, length)
    pads[axis] = from
    pads[axis + rank] = length - Math.max(from, bounded(end, length))
  }
  return pads
}
