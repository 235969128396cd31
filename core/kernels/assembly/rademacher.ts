/** Rademacher noise: one bit of Philox per element, as core/random/noise.ts defines it; a scalar Philox feeds 128 elements. */
import { finish, finishEnd, SCRATCH, STORE, WORDS } from './finish'
import { philox } from './philox'

/** 16 elements from the 16 low bits of `word`: each bit is moved to its lane's sign. */
// @ts-ignore: decorator
@inline
function rademacherBlock(
  mode: i32,
  out: usize,
  x: usize,
  metric: usize,
  word: u32,
  factor: v128,
  weight: v128,
): void {
  const toSign = i32x4(i32.MIN_VALUE, 0x40000000, 0x20000000, 0x10000000)
  const signBit = i32x4.splat(i32.MIN_VALUE)
  const bits = i32x4.splat(word)
  const u0 = v128.xor(v128.and(i32x4.mul(bits, toSign), signBit), factor)
  const u1 = v128.xor(v128.and(i32x4.mul(i32x4.shr_u(bits, 4), toSign), signBit), factor)
  const u2 = v128.xor(v128.and(i32x4.mul(i32x4.shr_u(bits, 8), toSign), signBit), factor)
  const u3 = v128.xor(v128.and(i32x4.mul(i32x4.shr_u(bits, 12), toSign), signBit), factor)
  finish(mode, out, x, metric, u0, weight)
  finish(mode, out + 16, x + 16, metric + 16, u1, weight)
  finish(mode, out + 32, x + 32, metric + 32, u2, weight)
  finish(mode, out + 48, x + 48, metric + 48, u3, weight)
}

/** `length` elements beginning with element `start`, a multiple of 16. @param mode one of the constants of finish.ts */
// @ts-ignore: decorator
@inline
export function rademacher(
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
  const factor = f32x4.splat(scale)
  const weight = f32x4.splat(coefficient)
  philox(WORDS, start >> 7, perturbation, seed)
  for (; length >= 16; length -= 16) {
    const word = load<u32>(WORDS + ((start >> 3) & 12)) >> (start & 16)
    rademacherBlock(mode, out, x, metric, word, factor, weight)
    out += 64
    x += 64
    metric += 64
    start += 16
    if (!(start & 127)) philox(WORDS, start >> 7, perturbation, seed)
  }
  if (length) {
    const word = load<u32>(WORDS + ((start >> 3) & 12)) >> (start & 16)
    rademacherBlock(STORE, SCRATCH, 0, 0, word, factor, weight)
    finishEnd(mode, out, x, metric, length, coefficient)
  }
}
