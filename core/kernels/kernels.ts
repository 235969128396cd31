/**
 * The inner loops over d, as an interface with two implementations that agree bit for bit: SIMD
 * WebAssembly (`wasm.ts`) and plain TypeScript (`plain.ts`). All arithmetic is IEEE float32, one
 * rounding per operation, in the order written here.
 *
 * Numbers such as mu and coefficient are rounded to float32 first. All vectors of a call have one
 * length. A vector passed to a kernel must come from the `vector` of the same kernels (or be a
 * subarray of one), unless they accept any.
 */
import type { Distribution } from '../random/index.ts'

/** Which random direction: u is a pure function of these. */
export interface NoiseAddress {
  /** s_{r,k}, uint32. */
  readonly seed: number
  /** p, zero-based. */
  readonly perturbation: number
}

/** U V, a low-rank matrix, as its factors. They may lie in any memory. */
export interface Factors {
  /** U, float32[rows · rank] */
  readonly left: Float32Array
  /** V, float32[rank · columns] */
  readonly right: Float32Array
  readonly rank: number
}

export interface Kernels {
  readonly name: 'wasm-simd' | 'plain'

  /**
   * A zeroed float32 vector. In WebAssembly it is 64-byte aligned and stays valid as long as the
   * kernels exist: memory is never freed or grown.
   *
   * @throws HisoError MEMORY_EXHAUSTED when the planned capacity is used up
   */
  vector(length: number): Float32Array

  /**
   * The same in memory that no pass copies from, for what is read again and again. Factors that lie
   * elsewhere are multiplied several times slower.
   */
  near(length: number): Float32Array

  /**
   * out[j] = scale · u[start + j], u ~ the distribution at the address. `start` is a multiple of
   * 16. `scale` is 1 but for the sphere, where it is `sphereScale(squaredNorm(address, d), d)` of
   * random/.
   */
  noise(
    out: Float32Array,
    distribution: Distribution,
    address: NoiseAddress,
    start: number,
    scale: number,
  ): void

  /**
   * out[j] = z[j], the noise at the address and, given a Hessian, whitened: divided by √h[j]. As
   * `noise` otherwise.
   */
  direction(
    out: Float32Array,
    hessian: Float32Array | undefined,
    distribution: Distribution,
    address: NoiseAddress,
    start: number,
    scale: number,
  ): void

  /**
   * out[j] = x[j] + mu · z[j], z fresh from the address. The same bits as `direction` and
   * `perturb`, but z never leaves the registers. All vectors begin at element `start`, a multiple
   * of 16.
   */
  perturbFresh(
    out: Float32Array,
    x: Float32Array,
    hessian: Float32Array | undefined,
    distribution: Distribution,
    address: NoiseAddress,
    start: number,
    scale: number,
    mu: number,
  ): void

  /**
   * delta[j] = delta[j] + coefficient · z[j], z as in `perturbFresh`: `direction` and `accumulate`
   * in one pass.
   * @param root √h, which all directions of a step share, so the caller takes it once
   */
  accumulateFresh(
    delta: Float32Array,
    root: Float32Array | undefined,
    distribution: Distribution,
    address: NoiseAddress,
    start: number,
    scale: number,
    coefficient: number,
  ): void

  /**
   * ‖g‖² of the first `dim` Gaussians at an address, in float64, summed in four lanes (element
   * index mod 4), then (l0 + l1) + (l2 + l3).
   */
  squaredNorm(address: NoiseAddress, dim: number): number

  /** out[j] = √x[j] */
  squareRoot(out: Float32Array, x: Float32Array): void

  /** out[j] = x[j] + mu · z[j] */
  perturb(out: Float32Array, x: Float32Array, z: Float32Array, mu: number): void

  /** delta[j] = delta[j] + coefficient · z[j] */
  accumulate(delta: Float32Array, z: Float32Array, coefficient: number): void

  /**
   * out[j] = entry `from` + j of U V, row by row: U[i, 0] V[0, j] + U[i, 1] V[1, j] + …, from left
   * to right.
   */
  product(out: Float32Array, factors: Factors, from: number): void

  /** delta[j] = delta[j] + coefficient · the entry of `product` */
  accumulateProduct(delta: Float32Array, factors: Factors, from: number, coefficient: number): void

  /**
   * x[j] = x[j] − learningRate · (delta[j] + weightDecay · x[j]); with weightDecay 0 the inner sum
   * is delta[j] alone.
   */
  descend(x: Float32Array, delta: Float32Array, learningRate: number, weightDecay: number): void

  /** h[j] = (1 − nu) · h[j] + nu · (delta[j] · delta[j] + epsilon); 1 − nu is taken in float32. */
  learnCurvature(hessian: Float32Array, delta: Float32Array, nu: number, epsilon: number): void
}
