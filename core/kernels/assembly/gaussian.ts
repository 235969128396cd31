/**
 * Gaussian noise, from the counter to the finished result without leaving v128 registers. Each step
 * makes two blocks of 16 elements (2 x 4 counters), because one Philox alone is bound by latency:
 * steps of one block were a quarter slower.
 */
import { add, angle, cosine, mul, signedRadius, sine } from './boxMuller'
import { finish, finishEnd, SCRATCH, SCRATCH_LENGTH, STORE } from './finish'
import { high, highWords, lowWords, M0, M1, mixed, W0, W1 } from './philox'

/** Two rows of four elements, from two words per column. */
// @ts-ignore: decorator
@inline
function pair(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  a: v128,
  b: v128,
  factor: v128,
  weight: v128,
): void {
  const radius = signedRadius(a, b)
  const y = angle(b)
  const square = mul(y, y)
  finish(mode, out, x, metric, mul(factor, mul(radius, cosine(square))), weight)
  finish(mode, out + 16, x + 16, metric + 16, mul(factor, mul(radius, sine(y, square))), weight)
}

/** `steps` times 32 elements; the first is element 4·counter. @param mode one of the constants of finish.ts */
// @ts-ignore: decorator
@inline
function gaussianSteps(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  steps: u32,
  counter: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  // Only the first word of the counter varies, so half of round 0 and half of round 1 are the same
  // for all, and M0·c grows by a constant.
  const first = u64(M1) * u64(perturbation)
  const second = u64(M0) * u64(u32(first >> 32) ^ seed)
  const m0 = i32x4.splat(M0)
  const m1 = i32x4.splat(M1)
  const c = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3))
  let c01 = i64x2.extmul_low_i32x4_u(c, m0)
  let c23 = i64x2.extmul_high_i32x4_u(c, m0)
  let c45 = i64x2.add(c01, i64x2.splat(u64(M0) * 4))
  let c67 = i64x2.add(c23, i64x2.splat(u64(M0) * 4))
  const stride = i64x2.splat(u64(M0) * 8)
  const a1 = i32x4.splat(u32(first) ^ (seed + W0))
  const b1 = i32x4.splat(u32(second >> 32) ^ W1)
  const a2 = i32x4.splat(seed + W0 * 2)
  const b2 = i32x4.splat(u32(second) ^ (W1 * 2))
  const a3 = i32x4.splat(seed + W0 * 3)
  const b3 = i32x4.splat(W1 * 3)
  const a4 = i32x4.splat(seed + W0 * 4)
  const b4 = i32x4.splat(W1 * 4)
  const a5 = i32x4.splat(seed + W0 * 5)
  const b5 = i32x4.splat(W1 * 5)
  const a6 = i32x4.splat(seed + W0 * 6)
  const b6 = i32x4.splat(W1 * 6)
  const a7 = i32x4.splat(seed + W0 * 7)
  const b7 = i32x4.splat(W1 * 7)
  const a8 = i32x4.splat(seed + W0 * 8)
  const b8 = i32x4.splat(W1 * 8)
  const a9 = i32x4.splat(seed + W0 * 9)
  const b9 = i32x4.splat(W1 * 9)
  const factor = f32x4.splat(scale)
  const weight = f32x4.splat(coefficient)

  for (; steps; steps--) {
    // Rounds 0 to 2 of both blocks, words w and v.
    let w2 = highWords(c01, c23)
    let v2 = highWords(c45, c67)
    let w3 = lowWords(c01, c23)
    let v3 = lowWords(c45, c67)
    c01 = i64x2.add(c01, stride)
    c45 = i64x2.add(c45, stride)
    c23 = i64x2.add(c23, stride)
    c67 = i64x2.add(c67, stride)
    let w0 = v128.xor(high(w2, m1), a1)
    let v0 = v128.xor(high(v2, m1), a1)
    let w1 = i32x4.mul(w2, m1)
    let v1 = i32x4.mul(v2, m1)
    w2 = v128.xor(w3, b1)
    v2 = v128.xor(v3, b1)
    let t = mixed(w2, w1, m1, a2)
    let s = mixed(v2, v1, m1, a2)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = v128.xor(high(w0, m0), b2)
    v2 = v128.xor(high(v0, m0), b2)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 3
    t = mixed(w2, w1, m1, a3)
    s = mixed(v2, v1, m1, a3)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b3)
    v2 = mixed(v0, v3, m0, b3)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 4
    t = mixed(w2, w1, m1, a4)
    s = mixed(v2, v1, m1, a4)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b4)
    v2 = mixed(v0, v3, m0, b4)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 5
    t = mixed(w2, w1, m1, a5)
    s = mixed(v2, v1, m1, a5)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b5)
    v2 = mixed(v0, v3, m0, b5)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 6
    t = mixed(w2, w1, m1, a6)
    s = mixed(v2, v1, m1, a6)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b6)
    v2 = mixed(v0, v3, m0, b6)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 7
    t = mixed(w2, w1, m1, a7)
    s = mixed(v2, v1, m1, a7)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b7)
    v2 = mixed(v0, v3, m0, b7)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 8
    t = mixed(w2, w1, m1, a8)
    s = mixed(v2, v1, m1, a8)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b8)
    v2 = mixed(v0, v3, m0, b8)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s
    // Round 9
    t = mixed(w2, w1, m1, a9)
    s = mixed(v2, v1, m1, a9)
    w1 = i32x4.mul(w2, m1)
    v1 = i32x4.mul(v2, m1)
    w2 = mixed(w0, w3, m0, b9)
    v2 = mixed(v0, v3, m0, b9)
    w3 = i32x4.mul(w0, m0)
    v3 = i32x4.mul(v0, m0)
    w0 = t
    v0 = s

    pair(mode, out, x, metric, w0, w1, factor, weight)
    pair(mode, out + 32, x + 32, metric + 32, w2, w3, factor, weight)
    pair(mode, out + 64, x + 64, metric + 64, v0, v1, factor, weight)
    pair(mode, out + 96, x + 96, metric + 96, v2, v3, factor, weight)
    out += 128
    x += 128
    metric += 128
  }
}

/** `length` elements beginning with element `start`, a multiple of 16. @param mode one of the constants of finish.ts */
// @ts-ignore: decorator
@inline
export function gaussian(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  const steps = length >> 5
  if (mode == STORE) {
    storeSteps(out, steps, start, seed, perturbation, scale)
  } else {
    gaussianSteps(mode, out, x, metric, steps, start >> 2, seed, perturbation, scale, coefficient)
  }
  const done = (steps << 5) as usize
  if (done != length) {
    storeSteps(SCRATCH, 1, start + (done as u32), seed, perturbation, scale)
    finishEnd(mode, out + (done << 2), x + (done << 2), metric + (done << 2), length & 31, coefficient)
  }
}

/** The mode STORE, compiled once. */
function storeSteps(
  out: usize,
  steps: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
): void {
  gaussianSteps(STORE, out, 0, 0, steps, start >> 2, seed, perturbation, scale, 1)
}

/** ‖g‖² of the first `length` elements: lanes by element index mod 4, in float64. */
export function gaussianSquaredNorm(seed: u32, perturbation: u32, length: u32): f64 {
  let lanes01 = f64x2.splat(0)
  let lanes23 = f64x2.splat(0)
  for (let start: u32 = 0; start < length; start += SCRATCH_LENGTH) {
    const here = min(SCRATCH_LENGTH, length - start)
    storeSteps(SCRATCH, (here + 31) >> 5, start, seed, perturbation, 1)
    // Adds zeros beyond the end, which changes no sum of squares.
    for (let j = here; j & 3; j++) store<f32>(SCRATCH + (j << 2), 0)
    for (let j: u32 = 0; j < here; j += 4) {
      const g = v128.load(SCRATCH + (j << 2))
      const g01 = f64x2.promote_low_f32x4(g)
      const g23 = f64x2.promote_low_f32x4(v128.shuffle<i64>(g, g, 1, 0))
      lanes01 = f64x2.add(lanes01, f64x2.mul(g01, g01))
      lanes23 = f64x2.add(lanes23, f64x2.mul(g23, g23))
    }
  }
  return (
    f64x2.extract_lane(lanes01, 0) +
    f64x2.extract_lane(lanes01, 1) +
    (f64x2.extract_lane(lanes23, 0) + f64x2.extract_lane(lanes23, 1))
  )
}
