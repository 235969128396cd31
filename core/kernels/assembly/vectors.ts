/**
 * The kernels without noise: one pass over memory each, four elements at a time, then the rest one
 * by one.
 */

export function squareRoot(out: usize, x: usize, length: u32): void {
  for (; length >= 4; length -= 4) {
    v128.store(out, f32x4.sqrt(v128.load(x)))
    out += 16
    x += 16
  }
  for (; length; length--) {
    store<f32>(out, sqrt<f32>(load<f32>(x)))
    out += 4
    x += 4
  }
}

export function perturb(out: usize, x: usize, z: usize, length: u32, mu: f32): void {
  const weight = f32x4.splat(mu)
  for (; length >= 4; length -= 4) {
    v128.store(out, f32x4.add(v128.load(x), f32x4.mul(weight, v128.load(z))))
    out += 16
    x += 16
    z += 16
  }
  for (; length; length--) {
    store<f32>(out, load<f32>(x) + mu * load<f32>(z))
    out += 4
    x += 4
    z += 4
  }
}

export function descend(
  x: usize,
  delta: usize,
  length: u32,
  learningRate: f32,
  weightDecay: f32,
): void {
  const rate = f32x4.splat(learningRate)
  const decay = f32x4.splat(weightDecay)
  if (weightDecay == 0) {
    for (; length >= 4; length -= 4) {
      v128.store(x, f32x4.sub(v128.load(x), f32x4.mul(rate, v128.load(delta))))
      x += 16
      delta += 16
    }
  }
  for (; length >= 4; length -= 4) {
    const before = v128.load(x)
    const step = f32x4.add(v128.load(delta), f32x4.mul(decay, before))
    v128.store(x, f32x4.sub(before, f32x4.mul(rate, step)))
    x += 16
    delta += 16
  }
  for (; length; length--) {
    const before = load<f32>(x)
    const step = load<f32>(delta)
    store<f32>(x, before - learningRate * (weightDecay == 0 ? step : step + weightDecay * before))
    x += 4
    delta += 4
  }
}

export function learnCurvature(
  hessian: usize,
  delta: usize,
  length: u32,
  nu: f32,
  epsilon: f32,
): void {
  const keep: f32 = 1 - nu
  const old = f32x4.splat(keep)
  const fresh = f32x4.splat(nu)
  const floor = f32x4.splat(epsilon)
  for (; length >= 4; length -= 4) {
    const d = v128.load(delta)
    const observed = f32x4.mul(fresh, f32x4.add(f32x4.mul(d, d), floor))
    v128.store(hessian, f32x4.add(f32x4.mul(old, v128.load(hessian)), observed))
    hessian += 16
    delta += 16
  }
  for (; length; length--) {
    const d = load<f32>(delta)
    store<f32>(hessian, keep * load<f32>(hessian) + nu * (d * d + epsilon))
    hessian += 4
    delta += 4
  }
}
