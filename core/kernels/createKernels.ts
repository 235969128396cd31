/** The choice between the implementations. */
import type { Kernels } from './kernels.ts'
import { createPlainKernels } from './plain.ts'
import { createStagedKernels } from './staged.ts'
import { createWasmKernels, fitsOneMemory, simdAvailable } from './wasm.ts'

/**
 * The fastest kernels that this engine runs; results do not depend on which.
 *
 * @param capacity the float32 of all vectors that will be asked for, together
 * @throws HisoError MEMORY_EXHAUSTED when they exceed the machine
 */
export function createKernels(capacity: number): Kernels {
  if (!simdAvailable()) return createPlainKernels()
  return fitsOneMemory(capacity) ? createWasmKernels(capacity) : createStagedKernels()
}
