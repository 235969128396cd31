/**
 * The kernels in plain TypeScript: the reference for the SIMD twin, and the fallback where SIMD is
 * missing.
 */
import { HisoError } from '../base/index.ts'
import { fillNoise, gaussianSquaredNorm, type Distribution } from '../random/index.ts'
import type { Kernels, NoiseAddress } from './kernels.ts'
import { plainAccumulateProduct, plainProduct } from './plainProduct.ts'

const fround = Math.fround

function squareRoot(out: Float32Array, x: Float32Array): void {
  for (let j = 0; j < out.length; j++) out[j] = Math.sqrt(x[j]!)
}

function whiten(z: Float32Array, hessian: Float32Array): void {
  for (let j = 0; j < z.length; j++) z[j] = z[j]! / fround(Math.sqrt(hessian[j]!))
}

function perturb(out: Float32Array, x: Float32Array, z: Float32Array, mu: number): void {
  const weight = fround(mu)
  for (let j = 0; j < out.length; j++) out[j] = x[j]! + fround(weight * z[j]!)
}

/** z at an address, in a vector that the next call overwrites. */
function freshDirection() {
  let reserve = new Float32Array(0)
  return (
    length: number,
    hessian: Float32Array | undefined,
    distribution: Distribution,
    address: NoiseAddress,
    start: number,
    scale: number,
  ): Float32Array => {
    if (reserve.length < length) reserve = new Float32Array(length)
    const z = reserve.subarray(0, length)
    fillNoise(z, distribution, address.seed, address.perturbation, start, scale)
    if (hessian !== undefined) whiten(z, hessian)
    return z
  }
}

/** Kernels without a planned capacity: each vector is its own allocation. */
export function createPlainKernels(): Kernels {
  const fresh = freshDirection()
  const vector = (length: number) => {
    try {
      return new Float32Array(length)
    } catch (cause) {
      throw new HisoError('MEMORY_EXHAUSTED', {
        what: `a vector of ${length} float32 (${4 * length} bytes) does not fit in memory`,
        remedy: 'Choose a smaller model or fewer workers',
        cause,
      })
    }
  }
  return {
    name: 'plain',
    vector,
    near: vector,
    noise(out, distribution, address, start, scale) {
      fillNoise(out, distribution, address.seed, address.perturbation, start, scale)
    },
    direction(out, hessian, distribution, { seed, perturbation }, start, scale) {
      fillNoise(out, distribution, seed, perturbation, start, scale)
      if (hessian !== undefined) whiten(out, hessian)
    },
    perturbFresh(out, x, hessian, distribution, address, start, scale, mu) {
      perturb(out, x, fresh(out.length, hessian, distribution, address, start, scale), mu)
    },
    accumulateFresh(delta, root, distribution, address, start, scale, coefficient) {
      const z = fresh(delta.length, undefined, distribution, address, start, scale)
      if (root !== undefined) for (let j = 0; j < z.length; j++) z[j] = z[j]! / root[j]!
      perturb(delta, delta, z, coefficient)
    },
    squaredNorm(address, dim) {
      return gaussianSquaredNorm(address.seed, address.perturbation, dim)
    },
    squareRoot,
    perturb,
    accumulate(delta, z, coefficient) {
      perturb(delta, delta, z, coefficient)
    },
    product: plainProduct,
    accumulateProduct: plainAccumulateProduct,
    descend(x, delta, learningRate, weightDecay) {
      const rate = fround(learningRate)
      const decay = fround(weightDecay)
      for (let j = 0; j < x.length; j++) {
        const before = x[j]!
        const step = decay === 0 ? delta[j]! : fround(delta[j]! + fround(decay * before))
        x[j] = before - fround(rate * step)
      }
    },
    learnCurvature(hessian, delta, nu, epsilon) {
      const weight = fround(nu)
      const keep = fround(1 - weight)
      const floor = fround(epsilon)
      for (let j = 0; j < hessian.length; j++) {
        const observed = fround(weight * fround(fround(delta[j]! * delta[j]!) + floor))
        hessian[j] = fround(keep * hessian[j]!) + observed
      }
    },
  }
}
