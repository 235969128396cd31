/**
 * Philox4x32 in AssemblyScript: the parts of a SIMD round over four counters, and the whole function for one counter.
 * core/random/philox.ts defines it.
 */

export const M0: u32 = 0xd2511f53
export const M1: u32 = 0xcd9e8d57
export const W0: u32 = 0x9e3779b9
export const W1: u32 = 0xbb67ae85

/** The high words of four 64-bit products, those of lanes 0 and 1 in p, of 2 and 3 in q. */
// @ts-ignore: decorator
@inline
export function highWords(p: v128, q: v128): v128 {
  return v128.shuffle<i32>(p, q, 1, 3, 5, 7)
}

/** The low words of the same. */
// @ts-ignore: decorator
@inline
export function lowWords(p: v128, q: v128): v128 {
  return v128.shuffle<i32>(p, q, 0, 2, 4, 6)
}

/** hi(multiplier · factor) per lane. i32x4.mul gives the low words cheaper than these products. */
// @ts-ignore: decorator
@inline
export function high(factor: v128, multiplier: v128): v128 {
  const p = i64x2.extmul_low_i32x4_u(factor, multiplier)
  const q = i64x2.extmul_high_i32x4_u(factor, multiplier)
  return highWords(p, q)
}

/** hi(multiplier · factor) ^ word ^ key: one half of a Philox round. */
// @ts-ignore: decorator
@inline
export function mixed(factor: v128, word: v128, multiplier: v128, key: v128): v128 {
  return v128.xor(v128.xor(word, key), high(factor, multiplier))
}

/** Writes the words of Philox4x32-10 at counter (counter, 0, perturbation, 0), key (seed, 0), to 16 bytes at `out`. */
export function philox(out: usize, counter: u32, perturbation: u32, seed: u32): void {
  let c0 = counter
  let c1: u32 = 0
  let c2 = perturbation
  let c3: u32 = 0
  let k0 = seed
  let k1: u32 = 0
  for (let round = 0; round < 10; round++) {
    const p = u64(M1) * u64(c2)
    const q = u64(M0) * u64(c0)
    c0 = u32(p >> 32) ^ c1 ^ k0
    c2 = u32(q >> 32) ^ c3 ^ k1
    c1 = u32(p)
    c3 = u32(q)
    k0 += W0
    k1 += W1
  }
  store<u32>(out, c0)
  store<u32>(out, c1, 4)
  store<u32>(out, c2, 8)
  store<u32>(out, c3, 12)
}
