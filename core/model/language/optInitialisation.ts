/** The initial values of an OPT decoder: drawn from the run's seed, the same on every machine. */
import { createKernels } from '../../kernels/index.ts'
import { RandomStream } from '../../random/index.ts'
import { shapeOf, sizeOf, type TensorProto } from '../../onnx/index.ts'

/** OPT's `init_std`. */
const DEVIATION = 0.02

/** The perturbation number of the initial noise; no round reaches such a number. */
const INITIAL = 2 ** 32 - 1

/** Numbers drawn at a time, a multiple of 16. */
const STRETCH = 65_536

/**
 * OPT's own start: N(0, 0.02²) for matrices, 1 and 0 for norms, 0 for biases. Each matrix is the
 * noise of a direction, with its own seed: the kernels draw it several times as fast as a
 * sequential stream would.
 *
 * @param seed of the run
 * @param names of all weights, in graph order
 */
export function optInitialisation(
  seed: number,
  names: readonly string[],
): (tensor: TensorProto, out?: Float32Array) => Float32Array {
  const kernels = createKernels(STRETCH)
  const drawn = kernels.vector(STRETCH)
  const orderOf = new Map(names.map((name, index) => [name, index]))
  return (tensor, values = new Float32Array(sizeOf(shapeOf(tensor)))) => {
    if (tensor.dims.length === 1) return values.fill(tensor.name.endsWith('norm.weight') ? 1 : 0)
    const own = new RandomStream(seed, 'initialisation', orderOf.get(tensor.name) ?? 0).uint32()
    const address = { seed: own, perturbation: INITIAL }
    for (let start = 0; start < values.length; start += STRETCH) {
      const part = drawn.subarray(0, Math.min(STRETCH, values.length - start))
      kernels.noise(part, 'gaussian', address, start, DEVIATION)
      values.set(part, start)
    }
    return values
  }
}
