/**
 * The kernels in SIMD WebAssembly (sources in `assembly/`). All vectors live in one memory of fixed
 * size. Growing it would detach every view, also those that inference sessions hold.
 */
import { HisoError } from '../base/index.ts'
import type { Distribution } from '../random/index.ts'
import { kernelsBase64 } from './kernels.generated.ts'
import type { Factors, Kernels } from './kernels.ts'
import { plainAccumulateProduct, plainProduct } from './plainProduct.ts'

const pageBytes = 65536
/** The largest 32-bit WebAssembly memory: 4 GiB. */
const mostPages = 65536
const alignment = 64
/** Float32 values that a vector of this length takes up, its alignment included. */
export const alignedLength = (length: number) =>
  Math.ceil((4 * length) / alignment) * (alignment / 4)

/** Below the first vector: scratch space of the kernels (assembly/finish.ts). */
const firstByte = 8192
/** Padding for the alignment of about a thousand vectors. */
const slackBytes = 65536

type Pass = (...addressesAndNumbers: number[]) => void

/** One distribution's passes; arguments as in assembly/index.ts. */
interface Fresh {
  readonly noise: Pass
  readonly noiseWhitened: Pass
  readonly perturb: Pass
  readonly perturbWhitened: Pass
  readonly accumulate: Pass
  readonly accumulateDivided: Pass
}

let compiled: WebAssembly.Module | undefined

/** @throws WebAssembly.CompileError where the engine has no SIMD */
function compile(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0)),
  )
  return compiled
}

/** Whether this engine runs the SIMD kernels. */
export function simdAvailable(): boolean {
  try {
    compile()
    return true
  } catch {
    return false
  }
}

const pagesFor = (capacity: number) =>
  Math.ceil((firstByte + 4 * capacity + slackBytes) / pageBytes)

/** Whether this many float32 fit into one WebAssembly memory. */
export function fitsOneMemory(capacity: number): boolean {
  return pagesFor(capacity) <= mostPages
}

function exhausted(bytes: number, cause?: unknown): HisoError {
  return new HisoError('MEMORY_EXHAUSTED', {
    what: `vectors of ${bytes} bytes in all do not fit in one WebAssembly memory (at most 4 GiB, and what the machine has free)`,
    remedy:
      'Choose a smaller model or fewer trainable parameters (for instance LoRA), or fewer workers',
    cause,
  })
}

/**
 * @param capacity all float32 that will be requested, together
 * @throws HisoError MEMORY_EXHAUSTED if they exceed 4 GiB or the machine
 * @throws WebAssembly.CompileError if the engine has no SIMD
 */
export function createWasmKernels(capacity: number): Kernels {
  if (!fitsOneMemory(capacity)) throw exhausted(4 * capacity)
  const pages = pagesFor(capacity)
  const module = compile()
  let memory: WebAssembly.Memory
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  } catch (cause) {
    throw exhausted(4 * capacity, cause)
  }
  const { buffer } = memory
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    Pass
  >
  const pass = (name: string): Pass => exports[name]!
  const fresh = (stem: string): Fresh => ({
    noise: pass(`${stem}Noise`),
    noiseWhitened: pass(`${stem}NoiseWhitened`),
    perturb: pass(`${stem}Perturb`),
    perturbWhitened: pass(`${stem}PerturbWhitened`),
    accumulate: pass(`${stem}Accumulate`),
    accumulateDivided: pass(`${stem}AccumulateDivided`),
  })
  const gaussian = fresh('gaussian')
  const passes: Record<Distribution, Fresh> = {
    gaussian,
    sphere: gaussian,
    rademacher: fresh('rademacher'),
  }
  const squaredNorm = exports['gaussianSquaredNorm'] as unknown as (
    seed: number,
    perturbation: number,
    length: number,
  ) => number
  const squareRoot = pass('squareRoot')
  const perturb = pass('perturb')
  const storeProduct = pass('storeProduct')
  const accumulateProduct = pass('accumulateProduct')
  const descend = pass('descend')
  const learnCurvature = pass('learnCurvature')

  /** The address of one of our vectors with at least `length` elements. */
  function at(vector: Float32Array, length: number): number {
    if (vector.buffer !== buffer)
      throw new Error('a vector must come from the kernels that it is given to')
    if (vector.length < length)
      throw new Error(`a vector has ${vector.length} elements, not ${length}`)
    return vector.byteOffset
  }

  const isNear = ({ left, right }: Factors) => left.buffer === buffer && right.buffer === buffer
  /** The arguments after a vector and its length. */
  const factorsAt = ({ left, right, rank }: Factors, from: number) =>
    [left.byteOffset, right.byteOffset, rank, right.length / rank, from] as const

  let next = firstByte
  const vector = (length: number) => {
    const end = next + 4 * length
    if (end > buffer.byteLength) {
      throw new HisoError('MEMORY_EXHAUSTED', {
        what: `a vector of ${length} float32 exceeds the capacity of ${capacity} planned for these kernels`,
        remedy: 'Choose a smaller model or fewer workers',
      })
    }
    const vector = new Float32Array(buffer, next, length)
    next = Math.ceil(end / alignment) * alignment
    return vector
  }
  return {
    name: 'wasm-simd',
    vector,
    near: vector,
    noise(out, distribution, { seed, perturbation }, start, scale) {
      const n = out.length
      passes[distribution].noise(at(out, n), n, start, seed, perturbation, scale)
    },
    direction(out, hessian, distribution, { seed, perturbation }, start, scale) {
      const n = out.length
      const to = at(out, n)
      const { noise, noiseWhitened } = passes[distribution]
      if (hessian === undefined) noise(to, n, start, seed, perturbation, scale)
      else noiseWhitened(to, at(hessian, n), n, start, seed, perturbation, scale)
    },
    perturbFresh(out, x, hessian, distribution, { seed, perturbation }, start, scale, mu) {
      const n = out.length
      const to = at(out, n)
      const from = at(x, n)
      const { perturb, perturbWhitened } = passes[distribution]
      if (hessian === undefined) perturb(to, from, n, start, seed, perturbation, scale, mu)
      else perturbWhitened(to, from, at(hessian, n), n, start, seed, perturbation, scale, mu)
    },
    accumulateFresh(delta, root, distribution, { seed, perturbation }, start, scale, coefficient) {
      const n = delta.length
      const to = at(delta, n)
      const { accumulate, accumulateDivided } = passes[distribution]
      if (root === undefined) accumulate(to, n, start, seed, perturbation, scale, coefficient)
      else accumulateDivided(to, at(root, n), n, start, seed, perturbation, scale, coefficient)
    },
    squaredNorm(address, dim) {
      return squaredNorm(address.seed, address.perturbation, dim)
    },
    squareRoot(out, x) {
      squareRoot(at(out, 0), at(x, out.length), out.length)
    },
    perturb(out, x, z, mu) {
      perturb(at(out, 0), at(x, out.length), at(z, out.length), out.length, mu)
    },
    accumulate(delta, z, coefficient) {
      perturb(at(delta, 0), at(delta, 0), at(z, delta.length), delta.length, coefficient)
    },
    product(out, factors, from) {
      if (isNear(factors)) storeProduct(at(out, 0), out.length, ...factorsAt(factors, from))
      else plainProduct(out, factors, from)
    },
    accumulateProduct(delta, factors, from, coefficient) {
      if (isNear(factors))
        accumulateProduct(at(delta, 0), delta.length, ...factorsAt(factors, from), coefficient)
      else plainAccumulateProduct(delta, factors, from, coefficient)
    },
    descend(x, delta, learningRate, weightDecay) {
      descend(at(x, 0), at(delta, x.length), x.length, learningRate, weightDecay)
    },
    learnCurvature(hessian, delta, nu, epsilon) {
      learnCurvature(at(hessian, 0), at(delta, hessian.length), hessian.length, nu, epsilon)
    },
  }
}
