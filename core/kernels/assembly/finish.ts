/**
 * What happens to fresh noise while it is still in registers: stored, or whitened and added to a
 * vector.
 */

/** A constant at every use, so that the compiler keeps only its branch. */
export const STORE = 0
export const PERTURB = 1
export const PERTURB_WHITENED = 2
export const ACCUMULATE = 3
export const ACCUMULATE_DIVIDED = 4
export const STORE_WHITENED = 5

/** Memory below the first vector: a block of noise for the ends of vectors and for norms (4096 bytes), then one of Philox words. */
export const SCRATCH: usize = 1024
export const SCRATCH_LENGTH: u32 = 1024
export const WORDS: usize = 5120

/** Four elements u; `x` is read by the PERTURB modes only; `metric` is the Hessian of the WHITENED modes, or its root of ACCUMULATE_DIVIDED. */
// @ts-ignore: decorator
@inline
export function finish(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  u: v128,
  weight: v128,
): void {
  let z = u
  if (mode == PERTURB_WHITENED || mode == STORE_WHITENED) {
    z = f32x4.div(z, f32x4.sqrt(v128.load(metric)))
  }
  if (mode == ACCUMULATE_DIVIDED) z = f32x4.div(z, v128.load(metric))
  if (mode == PERTURB || mode == PERTURB_WHITENED) {
    z = f32x4.add(v128.load(x), f32x4.mul(weight, z))
  }
  if (mode == ACCUMULATE || mode == ACCUMULATE_DIVIDED) {
    z = f32x4.add(v128.load(out), f32x4.mul(weight, z))
  }
  v128.store(out, z)
}

/** The last `length` elements, one by one, from noise at SCRATCH. */
// @ts-ignore: decorator
@inline
export function finishEnd(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  length: u32,
  weight: f32,
): void {
  for (let j: usize = 0; j < length; j++) {
    const at = j << 2
    let z = load<f32>(SCRATCH + at)
    if (mode == PERTURB_WHITENED || mode == STORE_WHITENED) {
      z = z / sqrt<f32>(load<f32>(metric + at))
    }
    if (mode == ACCUMULATE_DIVIDED) z = z / load<f32>(metric + at)
    if (mode == PERTURB || mode == PERTURB_WHITENED) {
      z = load<f32>(x + at) + weight * z
    }
    if (mode == ACCUMULATE || mode == ACCUMULATE_DIVIDED) {
      z = load<f32>(out + at) + weight * z
    }
    store<f32>(out + at, z)
  }
}
