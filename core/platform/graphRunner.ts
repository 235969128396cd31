/** Runs any ONNX graph on named tensors: language models, pre-training, generating text. */
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { HisoError, messageOf } from '../base/index.ts'
import type { GraphRunner, NamedTensor } from '../model/index.ts'
import { loadModel, type SessionOptions } from './sessions.ts'

/** @throws HisoError as `openSession`; runs throw MODEL_UNSUPPORTED with the runtime's reason */
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
      let results: InferenceSession.OnnxValueMapType
      try {
        results = await session.run(wrap(feeds) as Record<string, Tensor>, wrap(outputs))
      } catch (cause) {
        throw new HisoError('MODEL_UNSUPPORTED', {
          what: `ONNX Runtime could not run the model: ${messageOf(cause)}`,
          remedy:
            'If the message speaks of shapes, export the model with dynamic batch and sequence dimensions',
          cause,
        })
      }
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
