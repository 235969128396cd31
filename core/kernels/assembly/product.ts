/**
 * Entries of U V, a low-rank direction of a matrix: U is [rows, rank] and V [rank, columns], both
 * row by row. An entry is U[i, 0] V[0, j] + U[i, 1] V[1, j] + …, from left to right, one rounding per
 * operation.
 */
import { ACCUMULATE } from './finish'

/** Stores or accumulates the `length` entries from entry `from` on. @param mode STORE or ACCUMULATE */
// @ts-ignore: decorator
@inline
export function product(
  mode: i32,
  out: usize,
  length: u32,
  left: usize,
  right: usize,
  rank: u32,
  columns: u32,
  from: u32,
  coefficient: f32,
): void {
  const weight = f32x4.splat(coefficient)
  const stride = (columns as usize) << 2
  let row = from / columns
  let column = from - row * columns
  while (length) {
    const here = min(length, columns - column)
    const u = left + (((row * rank) as usize) << 2)
    let v = right + ((column as usize) << 2)
    let rest = here
    for (; rest >= 8; rest -= 8) {
      let factor = v128.load32_splat(u)
      let a = f32x4.mul(factor, v128.load(v))
      let b = f32x4.mul(factor, v128.load(v, 16))
      let at = v
      for (let k: usize = 1; k < rank; k++) {
        at += stride
        factor = v128.load32_splat(u + (k << 2))
        a = f32x4.add(a, f32x4.mul(factor, v128.load(at)))
        b = f32x4.add(b, f32x4.mul(factor, v128.load(at, 16)))
      }
      if (mode == ACCUMULATE) {
        a = f32x4.add(v128.load(out), f32x4.mul(weight, a))
        b = f32x4.add(v128.load(out, 16), f32x4.mul(weight, b))
      }
      v128.store(out, a)
      v128.store(out, b, 16)
      out += 32
      v += 32
    }
    for (; rest; rest--) {
      let sum = load<f32>(u) * load<f32>(v)
      for (let k: usize = 1; k < rank; k++) {
        sum = sum + load<f32>(u + (k << 2)) * load<f32>(v + k * stride)
      }
      store<f32>(out, mode == ACCUMULATE ? load<f32>(out) + coefficient * sum : sum)
      out += 4
      v += 4
    }
    length -= here
    row++
    column = 0
  }
}
