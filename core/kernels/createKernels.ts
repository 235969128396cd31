/** Chooses the implementation. */
import type { Kernels } from './kernels.ts'
import { createPlainKernels } from './plain.ts'
import { createStagedKernels, stagingCapacity } from './staged.ts'
import { createWasmKernels, fitsOneMemory, simdAvailable } from './wasm.ts'

/**
 * The fastest kernels that this engine can run; results do not depend on the choice.
 *
 * @param capacity all float32 that will be requested, together
 * @param reach which vectors the passes accept; `any` includes those in other memory, at the price
 *   of a copy
 * @param nearCapacity what of the capacity `Kernels.near` will be asked for
 * @throws HisoError MEMORY_EXHAUSTED if the machine has less memory
 */
export function createKernels(
  capacity: number,
  reach: 'own' | 'any' = 'own',
  nearCapacity = 0,
): Kernels {
  if (!simdAvailable()) return createPlainKernels()
  if (!fitsOneMemory(capacity + stagingCapacity))
    return createStagedKernels(undefined, nearCapacity)
  return reach === 'any' ? createStagedKernels(capacity) : createWasmKernels(capacity)
}
