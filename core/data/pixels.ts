/**
 * Grey images as training sees them: bytes in memory, normalised to float32 only when a batch is
 * collected.
 */
import type { Samples } from './dataset.ts'

/** Of the values v / 255 over all pixels of a training set. */
export interface PixelMoments {
  readonly mean: number
  /** Population standard deviation. */
  readonly std: number
}

/** How many pixels have each value, float64[256]. */
export function pixelHistogram(pixels: Uint8Array): Float64Array {
  const histogram = new Float64Array(256)
  for (let index = 0; index < pixels.length; index++) histogram[pixels[index]!]!++
  return histogram
}

/**
 * Exact up to one rounding per grey value for any number of pixels: the sums run over the
 * histogram.
 *
 * @param histogram float64[256], at least one pixel
 */
export function pixelMoments(histogram: Float64Array): PixelMoments {
  let count = 0
  let sum = 0
  for (let value = 0; value < 256; value++) {
    count += histogram[value]!
    sum += histogram[value]! * value
  }
  const mean = sum / (255 * count)
  let squares = 0
  for (let value = 0; value < 256; value++) {
    const offset = value / 255 - mean
    squares += histogram[value]! * (offset * offset)
  }
  return { mean, std: Math.sqrt(squares / count) }
}

/**
 * (v / 255 − mean) / std for each grey value v, rounded to float32[256]; all 0 if every pixel is
 * the same.
 */
export function pixelTable({ mean, std }: PixelMoments): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) =>
    std === 0 ? 0 : (value / 255 - mean) / std,
  )
}

/**
 * @param pixels labels.length × featureSize grey values
 * @param table the normalised value of each grey value, float32[256]
 */
export function pixelSamples(
  pixels: Uint8Array,
  labels: Int32Array,
  featureSize: number,
  table: Float32Array,
): Samples {
  return {
    count: labels.length,
    labels,
    gather(indices, out) {
      let target = 0
      for (const index of indices) {
        const end = (index + 1) * featureSize
        for (let source = index * featureSize; source < end; source++)
          out[target++] = table[pixels[source]!]!
      }
    },
  }
}
