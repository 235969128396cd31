/**
 * The directions u: a pure function of (seed, perturbation), addressable at any element, with the
 * same bits everywhere. This file is the definition in plain TypeScript; core/kernels has a SIMD
 * twin with the same bits.
 *
 * The noise stream, exactly. Every "float32" operation below rounds its result once, to nearest,
 * ties to even. No operation is fused with another.
 *
 * Words. philox(c) is the words w0..w3 of Philox4x32-10 at counter (c, 0, perturbation, 0) under
 * key (seed, 0).
 *
 * gaussian. Elements come in blocks of 16, made of 4 consecutive counters. Element e, with g = e >>
 * 4, j = (e >> 2) & 3 and lane = e & 3, is z_j of counter c = 4g + lane. A counter's words give
 * four normals by Box and Muller: (w0, w1) -> (z0, z1) and (w2, w3) -> (z2, z3), where (a, b) ->
 * (radius·cos, radius·sin) of
 *
 *     v      = float32(a >> 1) + 0.5                     a is a uint32; its 31 high bits are converted with rounding; u = v·2^-31 in [2^-32, 1]
 *     i      = bits(v) − 0x4EB504F3                      int32; the constant is the bits of √½ in float32, with 31 added to the exponent
 *     k      = i >> 23 (arithmetic)                      u = m·2^k, k in [−32, 0]
 *     m      = float with bits (i & 0x7FFFFF) + 0x3F3504F3    in [√½, √2)
 *     s      = (m − 1) / (m + 1)                         so that ln m = 2 artanh s
 *     t      = s·s
 *     q      = s·(((L3·t + L2)·t + L1)·t + −4) + float32(k)·(−2 ln 2)     = −2 ln u ≥ 0
 *     radius = √q with the sign bit of b XORed into its sign              the sign is that of both results
 *     y      = float32(int32(b << 1))·(π/2·2^-31)        in [−π/2, π/2]; float32(…) converts with rounding
 *     x      = y·y
 *     cos    = ((((C5·x + C4)·x + C3)·x + C2)·x + −0.5)·x + 1
 *     sin    = ((((S4·x + S3)·x + S2)·x + S1)·(x·y)) + y
 *
 * with the float32 constants of the same names below; π/2·2^-31 = 7.3145906e-10, 2 ln 2 =
 * 1.3862944. The half circle [−π/2, π/2] and the sign make the full circle. Each z lies within
 * 2^-20 of the exact value for its u and angle; |z| ≤ √(64 ln 2) ≈ 6.66.
 *
 * rademacher. One bit per element: e takes bit e & 31 (bit 0 is the least significant) of word (e
 * >> 5) & 3 of philox(e >> 7). 0 stands for +1 and 1 for −1.
 *
 * sphere. The gaussian times one scale: float32(√d / √‖g‖²), both roots and the quotient in
 * float64, ‖g‖² as in `gaussianSquaredNorm`. So ‖u‖ = √d, uniformly distributed over that sphere.
 */
import { philox4x32 } from './philox.ts'
import { domains } from './stream.ts'

/**
 * gaussian: N(0, I). rademacher: each element ±1. sphere: uniform over the sphere of radius √d. All
 * have E[u uᵀ] = I.
 */
export type Distribution = 'gaussian' | 'rademacher' | 'sphere'

/**
 * The float32 constants of the noise stream: minimax fits by Lawson's iteration, rounded to
 * float32. Relative errors before rounding: ln 8e-10, sin 6e-9; absolute, cos 2.4e-10.
 */
const L1 = Math.fround(-1.3333355)
const L2 = Math.fround(-0.7995515)
const L3 = Math.fround(-0.5974187)
const minusTwoLn2 = Math.fround(-1.3862943611198906)
const halfPi = Math.fround(Math.PI * 2 ** -32)
const S1 = Math.fround(-0.1666666)
const S2 = Math.fround(8.3330665e-3)
const S3 = Math.fround(-1.9809602e-4)
const S4 = Math.fround(2.6057805e-6)
const C2 = Math.fround(4.166664e-2)
const C3 = Math.fround(-1.3888404e-3)
const C4 = Math.fround(2.4761886e-5)
const C5 = Math.fround(-2.6077106e-7)

const fround = Math.fround
const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** √(−2 ln u) for the word a, without the sign. */
function radius(a: number): number {
  float[0] = fround(fround(a >>> 1) + 0.5)
  const i = (bits[0]! - 0x4eb504f3) | 0
  bits[0] = (i & 0x7fffff) + 0x3f3504f3
  const m = float[0]
  const s = fround(fround(m - 1) / fround(m + 1))
  const t = fround(s * s)
  let p = fround(fround(L3 * t) + L2)
  p = fround(fround(p * t) + L1)
  p = fround(fround(p * t) - 4)
  return fround(Math.sqrt(fround(fround(s * p) + fround(fround(i >> 23) * minusTwoLn2))))
}

/** Writes the pair made of the words a and b to pair[at] and pair[at + 1]. */
function boxMuller(a: number, b: number, pair: Float32Array, at: number): void {
  const r = (b | 0) < 0 ? -radius(a) : radius(a)
  const y = fround(fround(b << 1) * halfPi)
  const x = fround(y * y)
  let cos = fround(fround(C5 * x) + C4)
  cos = fround(fround(cos * x) + C3)
  cos = fround(fround(cos * x) + C2)
  cos = fround(fround(cos * x) - 0.5)
  cos = fround(fround(cos * x) + 1)
  let sin = fround(fround(S4 * x) + S3)
  sin = fround(fround(sin * x) + S2)
  sin = fround(fround(sin * x) + S1)
  sin = fround(fround(sin * fround(x * y)) + y)
  pair[at] = fround(r * cos)
  pair[at + 1] = fround(r * sin)
}

const words = new Uint32Array(4)
const normals = new Float32Array(4)

/** Writes the four normals of counter c to `normals`. */
function fillNormals(seed: number, perturbation: number, c: number): void {
  philox4x32(c, 0, perturbation, 0, seed, domains.noise, words)
  boxMuller(words[0]!, words[1]!, normals, 0)
  boxMuller(words[2]!, words[3]!, normals, 2)
}

function fillRademacher(
  out: Float32Array,
  seed: number,
  perturbation: number,
  start: number,
  scale: number,
): void {
  for (let j = 0; j < out.length; j++) {
    const e = start + j
    if (j === 0 || (e & 127) === 0)
      philox4x32(e >>> 7, 0, perturbation, 0, seed, domains.noise, words)
    out[j] = (words[(e >>> 5) & 3]! >>> (e & 31)) & 1 ? -scale : scale
  }
}

/**
 * out[j] = float32(scale · u[start + j]), the plain twin of `Kernels.noise`.
 *
 * @param seed s_{r,k}, uint32
 * @param perturbation p, uint32
 * @param start a multiple of 16, below 2^32
 * @param scale rounded to float32; 1 but for the sphere, where it is √d / ‖g‖
 */
export function fillNoise(
  out: Float32Array,
  distribution: Distribution,
  seed: number,
  perturbation: number,
  start: number,
  scale: number,
): void {
  const factor = fround(scale)
  if (distribution === 'rademacher') {
    fillRademacher(out, seed, perturbation, start, factor)
    return
  }
  for (let block = 0; block < out.length; block += 16) {
    for (let lane = 0; lane < 4; lane++) {
      fillNormals(seed, perturbation, (start + block) / 4 + lane)
      // Writes nothing beyond the end of `out`: a typed array ignores such an index.
      for (let j = 0; j < 4; j++) out[block + 4 * j + lane] = fround(factor * normals[j]!)
    }
  }
}

/**
 * ‖g‖² of the first `dim` gaussians at an address, in float64: element e is added to lane e mod 4,
 * in ascending order; the result is (lane 0 + lane 1) + (lane 2 + lane 3).
 */
export function gaussianSquaredNorm(seed: number, perturbation: number, dim: number): number {
  const sums = [0, 0, 0, 0]
  for (let block = 0; block < dim; block += 16) {
    for (let lane = 0; lane < 4; lane++) {
      fillNormals(seed, perturbation, block / 4 + lane)
      for (let j = 0; j < 4 && block + 4 * j + lane < dim; j++)
        sums[lane]! += normals[j]! * normals[j]!
    }
  }
  return sums[0]! + sums[1]! + (sums[2]! + sums[3]!)
}

/**
 * The factor that takes the gaussian at an address to the sphere of radius √d: float32(√d / √‖g‖²).
 *
 * @param squaredNorm ‖g‖² over all `dim` elements; the scale is 1 where it is 0 (a direction of
 *   zeros has no length to set)
 */
export function sphereScale(squaredNorm: number, dim: number): number {
  return squaredNorm > 0 ? fround(Math.sqrt(dim) / Math.sqrt(squaredNorm)) : 1
}
