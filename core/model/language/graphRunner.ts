/**
 * What running a graph of named inputs needs from an inference runtime: implemented by platform.
 */
import type { DeviceMemory, DeviceVector } from '../deviceMemory.ts'

export interface NamedTensor {
  /** float32, int64, or the bits of float16 */
  readonly data: Float32Array | BigInt64Array | Uint16Array
  readonly shape: readonly number[]
}

export type NamedTensors = Readonly<Record<string, NamedTensor>>

/**
 * The requested outputs, each with memory of its size to write to, or undefined for memory of its
 * own.
 */
export type WantedOutputs = Readonly<Record<string, NamedTensor | undefined>>

export interface GraphRunner {
  /** @param feeds every input by its name; float arrays are read in place */
  run(feeds: NamedTensors, outputs: WantedOutputs): Promise<Record<string, Float32Array>>
  /** The same with parameters that stay on the device; absent if they are sent for every run. */
  readonly device?: DeviceMemory & RunnerAt<DeviceVector>
  release(): Promise<void>
}

/**
 * A graph whose trainables and held tensors are supplied. @typeParam Params where x lies: in this
 * memory, or on the device
 */
export interface RunnerAt<Params> {
  /** @param feeds the other inputs */
  run(
    params: Params,
    feeds: NamedTensors,
    outputs: WantedOutputs,
  ): Promise<Record<string, Float32Array>>
}
