/**
 * The exports of the SIMD kernels. Pointers are byte offsets in the imported memory, lengths count
 * float32, `start` is a multiple of 16. build.mjs compiles them to ../kernels.generated.ts.
 * ../wasm.ts is the only caller; nothing is checked here again.
 */
import {
  ACCUMULATE,
  ACCUMULATE_DIVIDED,
  PERTURB,
  PERTURB_WHITENED,
  STORE,
  STORE_WHITENED,
} from './finish'
import { gaussian } from './gaussian'
import { product } from './product'
import { rademacher } from './rademacher'

export { gaussianSquaredNorm } from './gaussian'
export { descend, learnCurvature, perturb, squareRoot } from './vectors'

export function gaussianNoise(
  out: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
): void {
  gaussian(STORE, out, 0, 0, length, start, seed, perturbation, scale, 1)
}

export function gaussianNoiseWhitened(
  out: usize,
  hessian: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
): void {
  gaussian(STORE_WHITENED, out, 0, hessian, length, start, seed, perturbation, scale, 1)
}

export function gaussianPerturb(
  out: usize,
  x: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  gaussian(PERTURB, out, x, 0, length, start, seed, perturbation, scale, coefficient)
}

export function gaussianPerturbWhitened(
  out: usize,
  x: usize,
  hessian: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  gaussian(PERTURB_WHITENED, out, x, hessian, length, start, seed, perturbation, scale, coefficient)
}

export function gaussianAccumulate(
  out: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  gaussian(ACCUMULATE, out, 0, 0, length, start, seed, perturbation, scale, coefficient)
}

export function gaussianAccumulateDivided(
  out: usize,
  root: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  gaussian(
    ACCUMULATE_DIVIDED,
    out,
    0,
    root,
    length,
    start,
    seed,
    perturbation,
    scale,
    coefficient,
  )
}

export function rademacherNoise(
  out: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
): void {
  rademacher(STORE, out, 0, 0, length, start, seed, perturbation, scale, 1)
}

export function rademacherNoiseWhitened(
  out: usize,
  hessian: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
): void {
  rademacher(STORE_WHITENED, out, 0, hessian, length, start, seed, perturbation, scale, 1)
}

export function rademacherPerturb(
  out: usize,
  x: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  rademacher(PERTURB, out, x, 0, length, start, seed, perturbation, scale, coefficient)
}

export function rademacherPerturbWhitened(
  out: usize,
  x: usize,
  hessian: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  rademacher(
    PERTURB_WHITENED,
    out,
    x,
    hessian,
    length,
    start,
    seed,
    perturbation,
    scale,
    coefficient,
  )
}

export function rademacherAccumulate(
  out: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  rademacher(ACCUMULATE, out, 0, 0, length, start, seed, perturbation, scale, coefficient)
}

export function rademacherAccumulateDivided(
  out: usize,
  root: usize,
  length: u32,
  start: u32,
  seed: u32,
  perturbation: u32,
  scale: f32,
  coefficient: f32,
): void {
  rademacher(
    ACCUMULATE_DIVIDED,
    out,
    0,
    root,
    length,
    start,
    seed,
    perturbation,
    scale,
    coefficient,
  )
}

export function storeProduct(
  out: usize,
  length: u32,
  left: usize,
  right: usize,
  rank: u32,
  columns: u32,
  from: u32,
): void {
  product(STORE, out, length, left, right, rank, columns, from, 1)
}

export function accumulateProduct(
  out: usize,
  length: u32,
  left: usize,
  right: usize,
  rank: u32,
  columns: u32,
  from: u32,
  coefficient: f32,
): void {
  product(ACCUMULATE, out, length, left, right, rank, columns, from, coefficient)
}
