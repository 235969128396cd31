/** The choice between the two implementations. */
import type { Kernels } from './kernels.ts'
import { createPlainKernels } from './plain.ts'
import { createWasmKernels, simdAvailable } from './wasm.ts'

/**
 * The fastest kernels that this engine runs; results do not depend on which.
 *
 * @param capacity the float32 of all vectors that will be asked for, together
 * @throws HisoError MEMORY_EXHAUSTED when they exceed 4 GiB or the machine
 */
export function createKernels(capacity: number): Kernels {
  return simdAvailable() ? createWasmKernels(capacity) : createPlainKernels()
}
