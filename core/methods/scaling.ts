/** Pieces: what a step multiplies its directions with, made of the scalars along them. */

export interface Scaling {
  /** What it computes, in TeX. */
  readonly formula: string
  /** @param scalars g_p or ḡ_p of a step, float32[P] @returns float32[P] */
  scale(scalars: Float32Array): Float32Array
}

/**
 * g_p / σ with σ = μ √(Σ_p (g_p − ḡ)² / (P − 1)), the standard deviation of the losses f(x + μz_p),
 * in float64. Zeros where all scalars are equal, and so tell no direction from another.
 */
export function byDeviation(mu: number): Scaling {
  return {
    formula: String.raw`\hat g_p = \frac{g_p}{\sigma}, \quad \sigma^2 = \frac{\mu^2}{P - 1} \sum_p \left(g_p - \bar g\right)^2`,
    scale(scalars) {
      const mean = sumOf(scalars, (scalar) => scalar) / scalars.length
      const squares = sumOf(scalars, (scalar) => (scalar - mean) * (scalar - mean))
      const deviation = mu * Math.sqrt(squares / (scalars.length - 1))
      return scalars.map((scalar) => (deviation > 0 ? scalar / deviation : 0))
    },
  }
}

function sumOf(values: Float32Array, of: (value: number) => number): number {
  let sum = 0
  for (const value of values) sum += of(value)
  return sum
}
