/** What running a graph of named inputs asks of an inference runtime: implemented by core/platform. */

export interface NamedTensor {
  readonly data: Float32Array | BigInt64Array
  readonly shape: readonly number[]
}

export interface GraphRunner {
  /**
   * @param feeds every input by its name; float arrays are read in place
   * @param outputs those wanted, each with memory of its size that takes it, or undefined to get memory of its own
   */
  run(
    feeds: Readonly<Record<string, NamedTensor>>,
    outputs: Readonly<Record<string, NamedTensor | undefined>>,
  ): Promise<Record<string, Float32Array>>
  release(): Promise<void>
}
