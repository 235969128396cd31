export { createKernels } from './createKernels.ts'
export type { Factors, Kernels, NoiseAddress } from './kernels.ts'
export { createPlainKernels } from './plain.ts'
export { alignedLength, createWasmKernels } from './wasm.ts'
