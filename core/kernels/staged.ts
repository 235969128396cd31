/**
 * The SIMD kernels for vectors that do not fit into one WebAssembly memory together, or that
 * several threads share. Every pass copies vectors of other memory stretch by stretch through a
 * small part of the kernels' own. The same code does the arithmetic, so the bits are the same.
 */
import { HisoError } from '../base/index.ts'
import type { Kernels } from './kernels.ts'
import { createWasmKernels } from './wasm.ts'

/**
 * Elements of a stretch, a multiple of 16 as the noise requires. Three stretches stay in a core's
 * own cache.
 */
export const stagedLength = 16_384

/** Float32 values of the staging area: a pass takes at most three vectors. */
export const stagingCapacity = 3 * stagedLength

/**
 * Kernels that accept vectors of any memory. Copying costs about a tenth of what fresh noise does;
 * a pass without noise takes up to twice as long. Vectors in the kernels' own memory are used in
 * place.
 *
 * @param capacity all float32 that will be requested, together; if left out, they lie in ordinary
 *   memory, without a limit
 * @param nearCapacity what of it `near` will be asked for; matters where the capacity is left out
 * @throws HisoError MEMORY_EXHAUSTED
 * @throws WebAssembly.CompileError if the engine has no SIMD
 */
export function createStagedKernels(capacity?: number, nearCapacity = 0): Kernels {
  const inner = createWasmKernels((capacity ?? nearCapacity) + stagingCapacity)
  const stages = [0, 1, 2].map(() => inner.vector(stagedLength))
  const isOwn = ({ buffer }: Float32Array) => buffer === stages[0]!.buffer

  /** The part [from, to) of a vector, in place or copied to a stage. */
  function near(vector: Float32Array, stage: number, from: number, to: number): Float32Array {
    const part = vector.subarray(from, to)
    if (isOwn(vector)) return part
    const copy = stages[stage]!.subarray(0, to - from)
    copy.set(part)
    return copy
  }

  /**
   * Calls `pass` for every stretch with the parts of the vectors, then writes the first part back.
   */
  function through(
    vectors: readonly Float32Array[],
    pass: (parts: readonly Float32Array[], from: number) => void,
  ): void {
    const [out] = vectors as readonly [Float32Array]
    for (let from = 0; from < out.length; from += stagedLength) {
      const to = Math.min(out.length, from + stagedLength)
      const parts = vectors.map((vector, index) => near(vector, index, from, to))
      pass(parts, from)
      if (!isOwn(out)) out.set(parts[0]!, from)
    }
  }

  return {
    name: inner.name,
    vector(length) {
      if (capacity !== undefined) return inner.vector(length)
      try {
        return new Float32Array(length)
      } catch (cause) {
        throw new HisoError('MEMORY_EXHAUSTED', {
          what: `a vector of ${length} float32 (${4 * length} bytes) does not fit in memory`,
          remedy:
            'Choose a smaller model or fewer trainable parameters (for instance LoRA), or fewer workers',
          cause,
        })
      }
    },
    near: (length) => inner.near(length),
    noise(out, distribution, address, start, scale) {
      through([out], ([part], from) =>
        inner.noise(part!, distribution, address, start + from, scale),
      )
    },
    direction(out, hessian, distribution, address, start, scale) {
      const vectors = hessian === undefined ? [out] : [out, hessian]
      through(vectors, ([part, metric], from) =>
        inner.direction(part!, metric, distribution, address, start + from, scale),
      )
    },
    perturbFresh(out, x, hessian, distribution, address, start, scale, mu) {
      // The old content of `out` does not matter: it is overwritten.
      for (let from = 0; from < out.length; from += stagedLength) {
        const to = Math.min(out.length, from + stagedLength)
        const moved = isOwn(out) ? out.subarray(from, to) : stages[0]!.subarray(0, to - from)
        moved.set(x.subarray(from, to))
        const metric = hessian && near(hessian, 1, from, to)
        inner.perturbFresh(moved, moved, metric, distribution, address, start + from, scale, mu)
        if (!isOwn(out)) out.set(moved, from)
      }
    },
    accumulateFresh(delta, root, distribution, address, start, scale, coefficient) {
      const vectors = root === undefined ? [delta] : [delta, root]
      through(vectors, ([part, divisor], from) =>
        inner.accumulateFresh(
          part!,
          divisor,
          distribution,
          address,
          start + from,
          scale,
          coefficient,
        ),
      )
    },
    squaredNorm: (address, dim) => inner.squaredNorm(address, dim),
    squareRoot(out, x) {
      through([out, x], ([part, from]) => inner.squareRoot(part!, from!))
    },
    perturb(out, x, z, mu) {
      through([out, x, z], ([part, base, direction]) => inner.perturb(part!, base!, direction!, mu))
    },
    accumulate(delta, z, coefficient) {
      through([delta, z], ([part, direction]) => inner.accumulate(part!, direction!, coefficient))
    },
    product(out, factors, from) {
      through([out], ([part], at) => inner.product(part!, factors, from + at))
    },
    accumulateProduct(delta, factors, from, coefficient) {
      through([delta], ([part], at) =>
        inner.accumulateProduct(part!, factors, from + at, coefficient),
      )
    },
    descend(x, delta, learningRate, weightDecay) {
      through([x, delta], ([part, step]) => inner.descend(part!, step!, learningRate, weightDecay))
    },
    learnCurvature(hessian, delta, nu, epsilon) {
      through([hessian, delta], ([part, step]) => inner.learnCurvature(part!, step!, nu, epsilon))
    },
  }
}
