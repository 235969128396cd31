/**
 * Inference sessions on onnxruntime-node. Parameters are fed as views of the caller's memory:
 * nothing of size d is copied, and the tensors that wrap the views are kept from run to run, since
 * a run reads what the memory holds at that moment.
 */
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { HisoError, messageOf } from '../core/base/index.ts'
import type {
  LossSession,
  NamedTensor,
  Packing,
  Trainable,
  TrainableGraph,
} from '../core/model/index.ts'

// What fails is reported by us, in our words; the runtime would print it to stderr as well.
env.logLevel = 'fatal'

/** The execution providers that a session can be opened on. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

export interface SessionOptions {
  readonly provider?: Provider
  /**
   * Threads inside one run. Results differ in their last bits from one thread count to another, so
   * it stays 1 unless the run says otherwise; cores are used by workers.
   */
  readonly threads?: number
  /** Where results are left; the caller's memory if left out. */
  readonly outputs?: 'gpu-buffer'
}

/** Parameter buffers whose tensors are kept: x, x + mu z and x - mu z of two participants. */
const KEPT_BINDINGS = 6

/**
 * Opens a session that computes the losses of a trainable graph. Arrays that its runs return are
 * the caller's to keep.
 *
 * @throws HisoError PROVIDER_UNAVAILABLE when the runtime for this system has no such provider
 * @throws HisoError MODEL_UNSUPPORTED when ONNX Runtime refuses the graph on this provider, with
 *   its reason
 */
export async function openSession(
  graph: TrainableGraph,
  options: SessionOptions = {},
): Promise<OnnxSession> {
  return new OnnxSession(await loadModel(graph.bytes, options), graph)
}

/** A model in the runtime. */
export interface LoadedModel {
  /** @throws HisoError PROVIDER_LOST, but on the CPU, where it is what the runtime throws */
  run(
    feeds: Feeds,
    fetches?: InferenceSession.FetchesType,
  ): Promise<InferenceSession.OnnxValueMapType>
  release(): Promise<void>
}

/**
 * Loads a model into the runtime, the same way for all that is run here. Whatever a run on another
 * device than the CPU fails with, the CPU may still do it.
 *
 * @throws HisoError as `openSession`
 */
export async function loadModel(
  bytes: Uint8Array,
  { provider = 'cpu', threads = 1, outputs }: SessionOptions = {},
): Promise<LoadedModel> {
  // The runtime itself would quietly compute on the CPU.
  if (!listSupportedBackends().some((it) => it.name === provider)) {
    throw new HisoError('PROVIDER_UNAVAILABLE', {
      where: 'compute.provider',
      what: `${provider} is not part of ONNX Runtime for this system`,
      remedy: 'Choose cpu or auto',
    })
  }
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableCpuMemArena: true,
      // The same shapes come again and again: the pattern of the first run serves all later ones.
      // DirectML can't.
      enableMemPattern: provider !== 'dml',
      logSeverityLevel: 4,
      ...(outputs && { preferredOutputLocation: outputs }),
    })
    const model: LoadedModel = {
      run: (feeds, fetches) =>
        fetches === undefined ? session.run(feeds) : session.run(feeds, fetches),
      release: () => session.release(),
    }
    return provider === 'cpu' ? model : onDevice(model, provider)
  } catch (cause) {
    throw new HisoError('MODEL_UNSUPPORTED', {
      what: `ONNX Runtime can't run this model on ${provider}: ${messageOf(cause)}`,
      remedy: `${provider === 'cpu' ? 'Export' : 'Try compute.provider: cpu, or export'} the model with opset_version 17, and with all dimensions of its input fixed but the batch`,
      cause,
    })
  }
}

function onDevice(model: LoadedModel, provider: Provider): LoadedModel {
  return {
    async run(feeds, fetches) {
      try {
        return await model.run(feeds, fetches)
      } catch (cause) {
        throw new HisoError('PROVIDER_LOST', {
          what: `${provider} no longer answers (${messageOf(cause).split('\n')[0]})`,
          remedy: 'Choose compute.provider: cpu',
          cause,
        })
      }
    },
    release: () => model.release(),
  }
}

/** Why a run has failed, for people. @param what and `remedy`: of a failure on the CPU */
export function failureOf(cause: unknown, what: string, remedy: string): HisoError {
  if (cause instanceof HisoError) return cause
  return new HisoError('MODEL_UNSUPPORTED', { what: `${what}: ${messageOf(cause)}`, remedy, cause })
}

/** Tensors by the names of the inputs that take them. */
export type Feeds = Record<string, Tensor>

/** A tensor over the same memory. */
export function tensorFrom({ data, shape }: NamedTensor): Tensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, shape)
  return data instanceof Uint16Array
    ? new Tensor('float16', data, shape)
    : new Tensor('int64', data, shape)
}

/** The trainables as tensors over one memory. */
interface Binding {
  readonly params: Float32Array
  readonly feeds: Feeds
  /** Those that the graph takes in another order, which is made anew for every run. */
  readonly packed: readonly {
    readonly packing: Packing
    readonly packed: Float32Array
    readonly tensor: Float32Array
  }[]
}

export class OnnxSession implements LossSession {
  readonly #session: LoadedModel
  readonly #graph: TrainableGraph
  /** Most recently used last. */
  readonly #bindings: Binding[] = []
  #batch: { readonly features: Tensor; readonly labels: Tensor } | undefined
  readonly #lossesOnly: readonly string[]
  readonly #lossesAndLogits: readonly string[]

  constructor(session: LoadedModel, graph: TrainableGraph) {
    this.#session = session
    this.#graph = graph
    this.#lossesOnly = [graph.losses]
    this.#lossesAndLogits = [graph.losses, graph.logits]
  }

  run(
    params: Float32Array,
    features: Float32Array,
    labels: BigInt64Array,
    wantLogits: boolean,
  ): Promise<{ readonly losses: Float32Array; readonly logits?: Float32Array }> {
    return this.runAt(this.#feedsOf(params), features, labels, wantLogits)
  }

  /** As `run`, at parameters that are tensors already, wherever their values are. */
  async runAt(
    params: Readonly<Feeds>,
    features: Float32Array,
    labels: BigInt64Array,
    wantLogits: boolean,
  ): Promise<{ readonly losses: Float32Array; readonly logits?: Float32Array }> {
    const graph = this.#graph
    const batch = this.#batchOf(features, labels)
    // An object of its own: the runtime reads it only after this turn of the event loop, when
    // another run may have been asked for.
    const feeds: Feeds = {
      ...params,
      [graph.features]: batch.features,
      [graph.labels]: batch.labels,
    }
    const fetches = wantLogits ? this.#lossesAndLogits : this.#lossesOnly
    let outputs: InferenceSession.OnnxValueMapType
    try {
      outputs = await this.#session.run(feeds, fetches)
    } catch (cause) {
      throw failureOf(
        cause,
        `ONNX Runtime could not run the model on ${labels.length} samples`,
        'If the message speaks of shapes, export the model with a dynamic batch dimension and all others fixed',
      )
    }
    const losses = outputs[graph.losses]?.data as Float32Array
    return wantLogits ? { losses, logits: outputs[graph.logits]?.data as Float32Array } : { losses }
  }

  async release(): Promise<void> {
    this.#bindings.length = 0
    await this.#session.release()
  }

  /**
   * The trainables as they are in `params` now, in tensors that are kept as long as the same memory
   * is used.
   */
  #feedsOf(params: Float32Array): Feeds {
    const found = this.#bindings.findIndex(
      (it) => it.params.buffer === params.buffer && it.params.byteOffset === params.byteOffset,
    )
    const [kept] = found < 0 ? [] : this.#bindings.splice(found, 1)
    const binding = kept ?? bind(params, this.#graph.trainables)
    this.#bindings.push(binding)
    if (this.#bindings.length > KEPT_BINDINGS) this.#bindings.shift()
    for (const { packing, packed, tensor } of binding.packed) packing.pack(packed, tensor)
    return binding.feeds
  }

  #batchOf(features: Float32Array, labels: BigInt64Array) {
    const kept = this.#batch
    if (kept !== undefined && kept.features.data === features && kept.labels.data === labels) {
      return kept
    }
    const rows = labels.length
    const batch = {
      features: new Tensor('float32', features, [rows, ...this.#graph.featureShape]),
      labels: new Tensor('int64', labels, [rows]),
    }
    this.#batch = batch
    return batch
  }
}

function bind(params: Float32Array, trainables: readonly Trainable[]): Binding {
  const feeds: Feeds = {}
  const packed: Binding['packed'][number][] = []
  for (const { name, shape, size, offset, packing } of trainables) {
    const tensor = params.subarray(offset, offset + size)
    if (packing === undefined) feeds[name] = new Tensor('float32', tensor, shape)
    else {
      const own = new Float32Array(packing.shape.reduce((product, length) => product * length, 1))
      feeds[name] = new Tensor('float32', own, packing.shape)
      packed.push({ packing, packed: own, tensor })
    }
  }
  return { params, feeds, packed }
}
