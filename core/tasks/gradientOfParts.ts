/** The gradient of a mean over samples, which are asked about in parts. */
import type { LossSurface } from '../curvature/index.ts'

/**
 * @param dim length of parameters and gradients
 * @param gradient of one part: writes its mean gradient, and gives its mean loss
 */
export function gradientOfParts<Part extends { readonly share: number }>(
  parts: readonly Part[],
  dim: number,
  gradient: (params: Float32Array, part: Part, out: Float32Array) => Promise<number>,
): LossSurface['gradient'] {
  const own = new Float32Array(dim)
  return async (params, out) => {
    let loss = 0
    out.fill(0)
    for (const part of parts) {
      loss += part.share * (await gradient(params, part, own))
      for (let j = 0; j < dim; j++) out[j]! += part.share * own[j]!
    }
    return loss
  }
}
