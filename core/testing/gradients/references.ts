/**
 * Operators in float64 that ONNX Runtime computes in float32 only: loops straight from their
 * definitions, for tests.
 */

type Reference = (inputs: readonly Float64Array[]) => Float64Array

/** erf by its series up to |x| = 3 and by its continued fraction beyond: error below 1e-14. */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (a < 3) {
    let term = a
    let sum = a
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-a * a) / n
      sum += term / (2 * n + 1)
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction)
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction))
}

/** φ for each entry of the first input. */
export function pointwise(phi: (x: number) => number): Reference {
  return ([x = new Float64Array()]) => x.map(phi)
}

export interface Geometry {
  /** [rows, channels, height, width] */
  readonly x: readonly [number, number, number, number]
  readonly outputs?: number
  readonly kernel: readonly [number, number]
  readonly strides?: readonly [number, number]
  /** [top, left, bottom, right] */
  readonly pads?: readonly [number, number, number, number]
  readonly dilations?: readonly [number, number]
  readonly group?: number
  /** Positions beyond the padding that rounding up reaches. */
  readonly extra?: readonly [number, number]
  /** Average pools: padding counts as entries. */
  readonly countsPadding?: boolean
}

function resolve(geometry: Geometry) {
  const { x, kernel, strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] } = geometry
  const { extra = [0, 0] } = geometry
  const length = (axis: 0 | 1): number => {
    const room = x[2 + axis]! + pads[axis] + pads[axis + 2]! + extra[axis]
    return Math.floor((room - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis]) + 1
  }
  return { x, kernel, strides, pads, dilations, size: [length(0), length(1)] as const }
}

/** Conv with bias. */
export function convolution(geometry: Geometry): Reference {
  const { x: shape, kernel, strides, pads, dilations, size } = resolve(geometry)
  const [rows, channels, height, width] = shape
  const { outputs = 1, group = 1 } = geometry
  const [own, made] = [channels / group, outputs / group]
  return ([x, weight, bias]) => {
    const y = new Float64Array(rows * outputs * size[0] * size[1])
    let at = 0
    for (let n = 0; n < rows; n++)
      for (let m = 0; m < outputs; m++)
        for (let i = 0; i < size[0]; i++)
          for (let j = 0; j < size[1]; j++) {
            let sum = bias?.[m] ?? 0
            for (let c = 0; c < own; c++)
              for (let k = 0; k < kernel[0]; k++)
                for (let l = 0; l < kernel[1]; l++) {
                  const h = i * strides[0] + k * dilations[0] - pads[0]
                  const v = j * strides[1] + l * dilations[1] - pads[1]
                  if (h < 0 || h >= height || v < 0 || v >= width) continue
                  const channel = Math.floor(m / made) * own + c
                  const from = ((n * channels + channel) * height + h) * width + v
                  sum += x![from]! * weight![((m * own + c) * kernel[0] + k) * kernel[1] + l]!
                }
            y[at++] = sum
          }
    return y
  }
}

/** ConvTranspose: x has the channels, y [rows, outputs, …] has the size `to`. */
export function transposedConvolution(
  geometry: Geometry,
  to: readonly [number, number],
): Reference {
  const { x: shape, kernel, strides, pads, dilations } = resolve(geometry)
  const [rows, channels, height, width] = shape
  const { outputs = 1, group = 1 } = geometry
  const [own, made] = [channels / group, outputs / group]
  return ([x, weight, bias]) => {
    const y = new Float64Array(rows * outputs * to[0] * to[1])
    y.forEach((_, at) => (y[at] = bias?.[Math.floor(at / (to[0] * to[1])) % outputs] ?? 0))
    for (let n = 0; n < rows; n++)
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < height; i++)
          for (let j = 0; j < width; j++)
            for (let m = 0; m < made; m++)
              for (let k = 0; k < kernel[0]; k++)
                for (let l = 0; l < kernel[1]; l++) {
                  const h = i * strides[0] + k * dilations[0] - pads[0]
                  const v = j * strides[1] + l * dilations[1] - pads[1]
                  if (h < 0 || h >= to[0] || v < 0 || v >= to[1]) continue
                  const output = Math.floor(c / own) * made + m
                  y[((n * outputs + output) * to[0] + h) * to[1] + v]! +=
                    x![((n * channels + c) * height + i) * width + j]! *
                    weight![((c * made + m) * kernel[0] + k) * kernel[1] + l]!
                }
    return y
  }
}

export function averagePool(geometry: Geometry): Reference {
  const { x: shape, kernel, strides, pads, dilations, size } = resolve(geometry)
  const [rows, channels, height, width] = shape
  return ([x]) => {
    const y = new Float64Array(rows * channels * size[0] * size[1])
    let at = 0
    for (let image = 0; image < rows * channels; image++)
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) {
          let [sum, count] = [0, 0]
          for (let k = 0; k < kernel[0]; k++)
            for (let l = 0; l < kernel[1]; l++) {
              const h = i * strides[0] + k * dilations[0] - pads[0]
              const v = j * strides[1] + l * dilations[1] - pads[1]
              const isInside = h >= 0 && h < height && v >= 0 && v < width
              if (isInside) sum += x![(image * height + h) * width + v]!
              const isPadding = h < height + pads[2] && v < width + pads[3]
              if (isInside || (geometry.countsPadding === true && isPadding)) count++
            }
          y[at++] = sum / count
        }
    return y
  }
}
