/** Adam with decoupled weight decay, as three small pieces: moments, clipping, learning rate. */

export interface Moments {
  /** Mean of the gradients, float32[d]. */
  readonly first: Float32Array
  /** Mean of their squares, float32[d]. */
  readonly second: Float32Array
}

export interface AdamSettings {
  readonly firstDecay: number
  readonly secondDecay: number
  readonly epsilon: number
  readonly weightDecay: number
}

/**
 * One step of Adam: x ← x − η (m̂ / (√v̂ + ε) + λ x), with the means corrected for their start at
 * 0.
 *
 * @param step from 1
 * @see Kingma and Ba, arXiv 1412.6980; Loshchilov and Hutter, arXiv 1711.05101 (λ apart from the
 *   gradient)
 */
export function adamStep(
  params: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  step: number,
  learningRate: number,
  { firstDecay, secondDecay, epsilon, weightDecay }: AdamSettings,
): void {
  const firstShare = 1 - firstDecay ** step
  const secondShare = 1 - secondDecay ** step
  for (let i = 0; i < params.length; i++) {
    const g = gradient[i]!
    const m = (first[i] = firstDecay * first[i]! + (1 - firstDecay) * g)
    const v = (second[i] = secondDecay * second[i]! + (1 - secondDecay) * g * g)
    const x = params[i]!
    params[i] =
      x - learningRate * (m / firstShare / (Math.sqrt(v / secondShare) + epsilon) + weightDecay * x)
  }
}

/** Shortens a gradient to at most this Euclidean length; returns the length that it had. */
export function clipLength(gradient: Float32Array, longest: number): number {
  let squares = 0
  for (const g of gradient) squares += g * g
  const length = Math.sqrt(squares)
  if (length > longest) {
    const factor = longest / length
    for (let i = 0; i < gradient.length; i++) gradient[i]! *= factor
  }
  return length
}

/** Rises over the first `warmup` steps, stays, and falls to 0 over the last `decay`. */
export function learningRateAt(
  step: number,
  steps: number,
  peak: number,
  warmup: number,
  decay: number,
): number {
  return peak * Math.min(1, step / warmup, (steps - step) / decay)
}
