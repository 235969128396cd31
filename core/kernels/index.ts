export { createKernels } from './createKernels.ts'
export type { Kernels, NoiseAddress } from './kernels.ts'
export { createPlainKernels } from './plain.ts'
export { alignedLength, createWasmKernels } from './wasm.ts'
