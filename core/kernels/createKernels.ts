/** The choice between the implementations. */
import type { Kernels } from './kernels.ts'
import { createPlainKernels } from './plain.ts'
import { createStagedKernels, stagingCapacity } from './staged.ts'
import { createWasmKernels, fitsOneMemory, simdAvailable } from './wasm.ts'

/**
 * The fastest kernels that this engine runs; results do not depend on which.
 *
 * @param capacity the float32 of all vectors that will be asked for, together
 * @param reach which vectors the passes take: `any` for those in other memory too, at the price of
 *   a copy
 * @throws HisoError MEMORY_EXHAUSTED when they exceed the machine
 */
export function createKernels(capacity: number, reach: 'own' | 'any' = 'own'): Kernels {
  if (!simdAvailable()) return createPlainKernels()
  if (!fitsOneMemory(capacity + stagingCapacity)) return createStagedKernels()
  return reach === 'any' ? createStagedKernels(capacity) : createWasmKernels(capacity)
}
