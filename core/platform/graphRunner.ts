/** Runs any ONNX graph on named tensors: for work that is not a round, such as pre-training and generating text. */
import { Tensor } from 'onnxruntime-node'
import { loadModel, type SessionOptions } from './sessions.ts'

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

/** @throws HisoError as `openSession` */
export async function openGraphRunner(
  bytes: Uint8Array,
  options: SessionOptions = {},
): Promise<GraphRunner> {
  const session = await loadModel(bytes, options)
  return {
    async run(feeds, outputs) {
      const wrap = (all: Readonly<Record<string, NamedTensor | undefined>>) =>
        Object.fromEntries(
          Object.entries(all).map(([name, it]) => [name, it === undefined ? null : tensorOf(it)]),
        )
      const results = await session.run(wrap(feeds) as Record<string, Tensor>, wrap(outputs))
      return Object.fromEntries(
        Object.entries(results).map(([name, it]) => [name, it.data as Float32Array]),
      )
    },
    release: () => session.release(),
  }
}

function tensorOf({ data, shape }: NamedTensor): Tensor {
  return data instanceof Float32Array
    ? new Tensor('float32', data, shape)
    : new Tensor('int64', data, shape)
}
