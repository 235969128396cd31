/**
 * Gradient cases: Resize, which ONNX Runtime knows in float32 only, with its definition in float64.
 */
import { fixed, floats, integers, spread, type GradientCase } from './gradientCase.ts'

/** @see https://onnx.ai/onnx/operators/onnx__Resize.html */
interface Interpolation {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates?: 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric'
  readonly nearest?: 'round_prefer_floor' | 'round_prefer_ceil' | 'floor' | 'ceil'
}

/** What the entries of an axis of length n weigh in entry `at` of the m that they become. */
function weightsOf(at: number, n: number, m: number, scale: number, how: Interpolation): number[] {
  const { mode, coordinates = 'half_pixel', nearest = 'round_prefer_floor' } = how
  const centred = (at + 0.5) / scale - 0.5
  const place = {
    half_pixel: centred,
    pytorch_half_pixel: m > 1 ? centred : 0,
    align_corners: (at * (n - 1)) / (m - 1),
    asymmetric: at / scale,
  }[coordinates]
  const weights = new Array<number>(n).fill(0)
  const add = (index: number, weight: number): void => {
    weights[Math.min(n - 1, Math.max(0, index))]! += weight
  }
  if (mode === 'nearest') {
    const rounded = {
      round_prefer_floor: Math.ceil(place - 0.5),
      round_prefer_ceil: Math.floor(place + 0.5),
      floor: Math.floor(place),
      ceil: Math.ceil(place),
    }[nearest]
    add(rounded, 1)
    return weights
  }
  const reach = mode === 'linear' ? 1 : 2
  for (let index = Math.floor(place) - reach; index <= Math.floor(place) + 1 + reach; index++)
    add(index, kernelAt(Math.abs(place - index), mode))
  return weights
}

/** The hat, and Keys' cubic with a = −0.75. */
function kernelAt(t: number, mode: 'linear' | 'cubic'): number {
  if (mode === 'linear') return Math.max(0, 1 - t)
  const a = -0.75
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
}

type Lengths = readonly [rows: number, channels: number, height: number, width: number]

/** @param to height and width afterwards */
function resized(
  [rows, channels, height, width]: Lengths,
  to: readonly [number, number],
  scales: readonly [number, number],
  how: Interpolation,
) {
  const tableOf = (axis: 0 | 1, n: number): number[][] =>
    Array.from({ length: to[axis] }, (_, at) => weightsOf(at, n, to[axis], scales[axis], how))
  const [down, across] = [tableOf(0, height), tableOf(1, width)]
  return ([x]: readonly Float64Array[]): Float64Array =>
    Float64Array.from({ length: rows * channels * to[0] * to[1] }, (_, at) => {
      const [image, i, j] = [
        Math.floor(at / (to[0] * to[1])),
        Math.floor(at / to[1]) % to[0],
        at % to[1],
      ]
      let sum = 0
      for (let h = 0; h < height; h++)
        for (let v = 0; v < width; v++)
          sum += down[i]![h]! * across[j]![v]! * x![(image * height + h) * width + v]!
      return sum
    })
}

const lengths: Lengths = [2, 2, 3, 4]

function attributesOf({ mode, coordinates, nearest }: Interpolation) {
  return {
    mode,
    ...(coordinates && { coordinate_transformation_mode: coordinates }),
    ...(nearest && { nearest_mode: nearest }),
  }
}

function byScale(
  name: string,
  scales: readonly [number, number],
  how: Interpolation,
): GradientCase {
  const to = [Math.floor(lengths[2] * scales[0]), Math.floor(lengths[3] * scales[1])] as const
  return {
    name,
    operator: 'Resize',
    inputs: [spread(...lengths), undefined, fixed(floats([4], 1, 1, ...scales))],
    attributes: attributesOf(how),
    reference: resized(lengths, to, scales, how),
  }
}

function toSize(name: string, to: readonly [number, number], how: Interpolation): GradientCase {
  const scales = [to[0] / lengths[2], to[1] / lengths[3]] as const
  return {
    name,
    operator: 'Resize',
    inputs: [spread(...lengths), undefined, undefined, integers(2, 2, ...to)],
    attributes: attributesOf(how),
    reference: resized(lengths, to, scales, how),
  }
}

const onlyWidth = { mode: 'linear' } as const

export const resizeCases: readonly GradientCase[] = [
  byScale('nearest, as PyTorch writes it', [2, 2], {
    mode: 'nearest',
    coordinates: 'asymmetric',
    nearest: 'floor',
  }),
  byScale('nearest, by uneven scales', [1.5, 0.5], { mode: 'nearest' }),
  byScale('linear', [2, 3], { mode: 'linear', coordinates: 'pytorch_half_pixel' }),
  byScale('cubic', [2, 1.5], { mode: 'cubic' }),
  toSize('nearest, to a smaller size', [2, 3], { mode: 'nearest', nearest: 'ceil' }),
  toSize('linear, to any size', [5, 7], { mode: 'linear' }),
  toSize('linear, corner to corner', [5, 6], { mode: 'linear', coordinates: 'align_corners' }),
  toSize('cubic, to any size', [4, 7], { mode: 'cubic', coordinates: 'align_corners' }),
  {
    name: 'one axis of them',
    operator: 'Resize',
    opset: 18,
    inputs: [spread(...lengths), undefined, fixed(floats([1], 2))],
    attributes: { ...attributesOf(onlyWidth), axes: [-1] },
    reference: resized(lengths, [3, 8], [1, 2], onlyWidth),
  },
]
