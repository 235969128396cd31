/**
 * Box and Muller's transform over four pairs of words at a time, operation by operation as core/random/noise.ts defines it.
 */

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b)
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b)
}

/** √(−2 ln u), u from the words a; with the sign bit of b. */
// @ts-ignore: decorator
@inline
export function signedRadius(a: v128, b: v128): v128 {
  const v = add(f32x4.convert_i32x4_s(i32x4.shr_u(a, 1)), f32x4.splat(0.5))
  const i = i32x4.sub(v, i32x4.splat(0x4eb504f3))
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(i, 23))
  const m = i32x4.add(v128.and(i, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3))
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), add(m, f32x4.splat(1)))
  const t = mul(s, s)
  let p = add(mul(f32x4.splat(-0.5974187), t), f32x4.splat(-0.7995515))
  p = add(mul(p, t), f32x4.splat(-1.3333355))
  p = f32x4.sub(mul(p, t), f32x4.splat(4))
  const r = f32x4.sqrt(add(mul(s, p), mul(k, f32x4.splat(-1.3862944))))
  return v128.xor(r, v128.and(b, i32x4.splat(0x80000000)))
}

/** The angle y in [−π/2, π/2] from the 31 low bits of b. */
// @ts-ignore: decorator
@inline
export function angle(b: v128): v128 {
  return mul(f32x4.convert_i32x4_s(i32x4.shl(b, 1)), f32x4.splat(7.3145906e-10))
}

/** cos y, given x = y². */
// @ts-ignore: decorator
@inline
export function cosine(x: v128): v128 {
  let p = add(mul(f32x4.splat(-2.6077106e-7), x), f32x4.splat(2.4761886e-5))
  p = add(mul(p, x), f32x4.splat(-1.3888404e-3))
  p = add(mul(p, x), f32x4.splat(4.166664e-2))
  p = f32x4.sub(mul(p, x), f32x4.splat(0.5))
  return add(mul(p, x), f32x4.splat(1))
}

/** sin y, given x = y². */
// @ts-ignore: decorator
@inline
export function sine(y: v128, x: v128): v128 {
  let p = add(mul(f32x4.splat(2.6057805e-6), x), f32x4.splat(-1.9809602e-4))
  p = add(mul(p, x), f32x4.splat(8.3330665e-3))
  p = add(mul(p, x), f32x4.splat(-0.1666666))
  return add(mul(p, mul(x, y)), y)
}
