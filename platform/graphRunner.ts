/** Runs any ONNX graph on named tensors: language models, pre-training, generating text. */
import type { InferenceSession } from 'onnxruntime-node'
import type {
  DeviceVector,
  GraphRunner,
  NamedTensors,
  ResidentTensors,
  WantedOutputs,
} from '../core/model/index.ts'
import { holdOnDevice, openTrustedMemory } from './deviceMemory.ts'
import {
  failureOf,
  loadModel,
  tensorFrom,
  type Feeds,
  type LoadedModel,
  type Provider,
  type SessionOptions,
} from './sessions.ts'

/** @throws HisoError as `openSession`; runs throw MODEL_UNSUPPORTED with the runtime's reason */
export async function openGraphRunner(
  bytes: Uint8Array,
  options: SessionOptions = {},
): Promise<GraphRunner> {
  return runnerOf(await loadModel(bytes, options))
}

export interface RunnerOnDevice {
  /** With a `device` where there is no obstacle. */
  readonly runner: GraphRunner
  /** Why parameters are fed for every forward pass, as a sentence without its full stop. */
  readonly obstacle: string | undefined
}

/**
 * The same on another device than the CPU, with the trainables and the held tensors kept there if
 * the replica can trust it.
 * @param resident left out where parameters are to be fed
 * @throws HisoError as `openGraphRunner`; what is amiss with residency alone is an obstacle
 */
export async function openRunnerOnDevice(
  bytes: Uint8Array,
  provider: Provider,
  resident: ResidentTensors | undefined,
): Promise<RunnerOnDevice> {
  const session = await loadModel(bytes, { provider })
  const runner = runnerOf(session)
  const { memory, obstacle } = await openTrustedMemory(provider, resident)
  if (memory === undefined || resident === undefined) return { runner, obstacle }
  const held = await holdOnDevice(resident.held)
  const device = {
    ...memory,
    run: (params: DeviceVector, feeds: NamedTensors, outputs: WantedOutputs) =>
      runOn(session, { ...held.feeds, ...memory.feedsOf(params), ...tensorsOf(feeds) }, outputs),
  }
  return {
    runner: {
      run: (feeds, outputs) => runner.run(feeds, outputs),
      device,
      async release() {
        await held.release()
        await memory.release()
        await runner.release()
      },
    },
    obstacle,
  }
}

function runnerOf(session: LoadedModel): GraphRunner {
  return {
    run: (feeds, outputs) => runOn(session, tensorsOf(feeds), outputs),
    release: () => session.release(),
  }
}

async function runOn(
  session: LoadedModel,
  feeds: Feeds,
  outputs: WantedOutputs,
): Promise<Record<string, Float32Array>> {
  const fetches = Object.entries(outputs).map(
    ([name, it]) => [name, it === undefined ? null : tensorFrom(it)] as const,
  )
  let results: InferenceSession.OnnxValueMapType
  try {
    results = await session.run(feeds, Object.fromEntries(fetches))
  } catch (cause) {
    throw failureOf(
      cause,
      'ONNX Runtime could not run the model',
      'If the message speaks of shapes, export the model with dynamic batch and sequence dimensions',
    )
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, it]) => [name, it.data as Float32Array]),
  )
}

function tensorsOf(tensors: NamedTensors): Feeds {
  return Object.fromEntries(Object.entries(tensors).map(([name, it]) => [name, tensorFrom(it)]))
}
