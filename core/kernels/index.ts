export { createKernels } from './createKernels.ts'
export type { Kernels, NoiseAddress } from './kernels.ts'
export { createPlainKernels } from './plain.ts'
export { createWasmKernels } from './wasm.ts'
