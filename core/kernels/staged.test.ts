/**
 * Vectors in ordinary memory, worked on stretch by stretch, get the bits that vectors in one
 * WebAssembly memory get.
 */
import { describe, expect, it } from 'vitest'
import { createWasmKernels } from './index.ts'
import type { Kernels } from './kernels.ts'
import { createStagedKernels, stagedLength } from './staged.ts'

/** Any numbers, different for each vector and all positive: a Hessian is. */
function fill(vector: Float32Array, salt: number): Float32Array {
  for (let j = 0; j < vector.length; j++) vector[j] = 0.1 + ((j * 37 + salt) % 101) / 40
  return vector
}

const address = { seed: 7, perturbation: 3 }
const passes: Readonly<
  Record<string, (kernels: Kernels, a: Float32Array, b: Float32Array, c: Float32Array) => void>
> = {
  noise: (kernels, a) => kernels.noise(a, 'gaussian', address, 32, 0.5),
  'the last noise that has an address': (kernels, a) =>
    kernels.noise(a, 'gaussian', address, 2 ** 32 - 4 * stagedLength, 1),
  direction: (kernels, a) => kernels.direction(a, undefined, 'rademacher', address, 16, 1),
  'direction, whitened': (kernels, a, b) => kernels.direction(a, b, 'gaussian', address, 16, 0.5),
  perturbFresh: (kernels, a, b) =>
    kernels.perturbFresh(a, b, undefined, 'rademacher', address, 16, 1, 1e-3),
  'perturbFresh, whitened': (kernels, a, b, c) =>
    kernels.perturbFresh(a, b, c, 'gaussian', address, 16, 1, 1e-3),
  accumulateFresh: (kernels, a) =>
    kernels.accumulateFresh(a, undefined, 'sphere', address, 48, 0.99, -0.2),
  'accumulateFresh, whitened': (kernels, a, b) =>
    kernels.accumulateFresh(a, b, 'gaussian', address, 48, 1, -0.2),
  squareRoot: (kernels, a, b) => kernels.squareRoot(a, b),
  perturb: (kernels, a, b, c) => kernels.perturb(a, b, c, 0.3),
  'perturb in place': (kernels, a, b) => kernels.perturb(a, a, b, 0.3),
  accumulate: (kernels, a, b) => kernels.accumulate(a, b, 0.7),
  descend: (kernels, a, b) => kernels.descend(a, b, 0.1, 0.01),
  learnCurvature: (kernels, a, b) => kernels.learnCurvature(a, b, 0.05, 1e-5),
}

/** Which of the three vectors lie in the kernels' own memory. */
const places = {
  'none of them its own': [false, false, false],
  'all of them its own': [true, true, true],
  'the first its own': [true, false, false],
  'the last its own': [false, false, true],
}

describe.each(Object.entries(passes))('staged kernels: %s', (_, pass) => {
  const bitsAfter = (kernels: Kernels, vectors: readonly Float32Array[]) => {
    const [a, b, c] = vectors.map((vector, salt) => fill(vector, salt))
    pass(kernels, a!, b!, c!)
    return vectors.map((vector) => new Int32Array(vector.slice().buffer))
  }
  const isSame = (some: readonly Int32Array[], others: readonly Int32Array[]) =>
    some.every((vector, i) => vector.every((bits, j) => bits === others[i]![j]))

  it.each([0, 1, stagedLength - 1, stagedLength, stagedLength + 17, 3 * stagedLength + 5])(
    'gives the same bits over %d elements, wherever they lie',
    (length) => {
      const wasm = createWasmKernels(3 * length)
      const expected = bitsAfter(
        wasm,
        [0, 1, 2].map(() => wasm.vector(length)),
      )
      const ordinary = createStagedKernels()
      const vectors = [0, 1, 2].map(() => ordinary.vector(length))
      expect(isSame(bitsAfter(ordinary, vectors), expected)).toBe(true)
      for (const [place, isOwn] of Object.entries(places)) {
        const kernels = createStagedKernels(3 * length)
        const placed = isOwn.map((own) =>
          own ? kernels.vector(length) : new Float32Array(new SharedArrayBuffer(4 * length)),
        )
        expect(isSame(bitsAfter(kernels, placed), expected), place).toBe(true)
      }
    },
  )
})

it('reach the end of a vector that no WebAssembly memory holds', () => {
  const kernels = createStagedKernels()
  const length = 2 ** 30 + 1000
  const start = length - 1000
  // Memory that nobody writes to is never taken from the machine.
  const x = fill(kernels.vector(length).subarray(start), 5)
  const wasm = createWasmKernels(2000)
  const expected = fill(wasm.vector(1000), 5)
  for (const [on, at] of [
    [kernels, x],
    [wasm, expected],
  ] as const)
    on.perturbFresh(at, at, undefined, 'gaussian', address, start, 1, 0.5)
  expect([...x]).toEqual([...expected])
})
