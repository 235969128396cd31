/**
 * The SIMD kernels for vectors that do not fit into one WebAssembly memory together: vectors lie in ordinary memory, and every pass takes
 * them stretch by stretch through a small WebAssembly memory. The same code does the arithmetic, so the bits are the same.
 */
import { HisoError } from '../base/index.ts'
import type { Kernels } from './kernels.ts'
import { createWasmKernels } from './wasm.ts'

/** Elements of a stretch, a multiple of 16 as the noise demands: three of them stay in a core's own cache. */
export const stagedLength = 16_384

/**
 * Kernels that need no planned capacity. Copying costs about a tenth of what fresh noise does; a pass without noise takes up to twice as long.
 *
 * @throws WebAssembly.CompileError where the engine has no SIMD
 */
export function createStagedKernels(): Kernels {
  const inner = createWasmKernels(3 * stagedLength)
  const stages = [0, 1, 2].map(() => inner.vector(stagedLength))

  /** Calls `pass` for every stretch with copies of the vectors' parts, then writes back the first of them. */
  function through(
    vectors: readonly Float32Array[],
    pass: (parts: readonly Float32Array[], from: number) => void,
  ): void {
    const [out] = vectors as readonly [Float32Array]
    for (let from = 0; from < out.length; from += stagedLength) {
      const to = Math.min(out.length, from + stagedLength)
      const parts = vectors.map((vector, index) => {
        const part = stages[index]!.subarray(0, to - from)
        part.set(vector.subarray(from, to))
        return part
      })
      pass(parts, from)
      out.set(parts[0]!, from)
    }
  }

  return {
    name: inner.name,
    vector(length) {
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
    noise(out, distribution, address, start, scale) {
      through([out], ([part], from) =>
        inner.noise(part!, distribution, address, start + from, scale),
      )
    },
    perturbFresh(out, x, hessian, distribution, address, start, scale, mu) {
      // What `out` held does not matter: x is perturbed in its place.
      const [a, b] = stages as [Float32Array, Float32Array]
      for (let from = 0; from < out.length; from += stagedLength) {
        const to = Math.min(out.length, from + stagedLength)
        const moved = a.subarray(0, to - from)
        moved.set(x.subarray(from, to))
        const metric = hessian && b.subarray(0, to - from)
        metric?.set(hessian!.subarray(from, to))
        inner.perturbFresh(moved, moved, metric, distribution, address, start + from, scale, mu)
        out.set(moved, from)
      }
    },
    accumulateFresh(delta, hessian, distribution, address, start, scale, coefficient) {
      const vectors = hessian === undefined ? [delta] : [delta, hessian]
      through(vectors, ([part, metric], from) =>
        inner.accumulateFresh(
          part!,
          metric,
          distribution,
          address,
          start + from,
          scale,
          coefficient,
        ),
      )
    },
    squaredNorm: (address, dim) => inner.squaredNorm(address, dim),
    whiten(z, hessian) {
      through([z, hessian], ([part, metric]) => inner.whiten(part!, metric!))
    },
    perturb(out, x, z, mu) {
      through([out, x, z], ([part, base, direction]) => inner.perturb(part!, base!, direction!, mu))
    },
    accumulate(delta, z, coefficient) {
      through([delta, z], ([part, direction]) => inner.accumulate(part!, direction!, coefficient))
    },
    descend(x, delta, learningRate, weightDecay) {
      through([x, delta], ([part, step]) => inner.descend(part!, step!, learningRate, weightDecay))
    },
    learnCurvature(hessian, delta, nu, epsilon) {
      through([hessian, delta], ([part, step]) => inner.learnCurvature(part!, step!, nu, epsilon))
    },
  }
}
