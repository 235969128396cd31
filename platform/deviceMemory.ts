/**
 * Vectors of length d on WebGPU: tensors that a session left on the device and the next one takes
 * from there. ONNX Runtime for Node gives no other way to put anything on a device, so even sending
 * a vector is a graph.
 */
import { Tensor } from 'onnxruntime-node'
import { messageOf } from '../core/base/index.ts'
import {
  copyGraph,
  descendGraph,
  perturbGraph,
  productFeeds,
  productGraph,
  RESULT,
  tensorOf,
  writeOut,
  type DeviceMemory,
  type DeviceVector,
  type LowRankLayout,
  type NamedTensors,
  type Trainable,
} from '../core/model/index.ts'
import {
  loadModel,
  tensorFrom,
  type Feeds,
  type LoadedModel,
  type Provider,
  type SessionOptions,
} from './sessions.ts'

/** A vector, as the tensors that a trainable graph takes. */
class DeviceTensors implements DeviceVector {
  /** By the trainables' names. */
  readonly feeds: Feeds

  constructor(feeds: Feeds) {
    this.feeds = feeds
  }

  free(): void {
    for (const tensor of Object.values(this.feeds)) tensor.dispose()
  }
}

export interface OnnxDeviceMemory extends DeviceMemory {
  /** A vector of this memory, as a trainable graph takes it. */
  feedsOf(vector: DeviceVector): Readonly<Feeds>
  release(): Promise<void>
}

/** @throws HisoError as `loadModel` */
export async function openDeviceMemory(
  trainables: readonly Trainable[],
): Promise<OnnxDeviceMemory> {
  const onDevice: SessionOptions = { provider: 'webgpu', outputs: 'gpu-buffer' }
  const sending = await loadModel(copyGraph(trainables), onDevice)
  const fetching = await loadModel(copyGraph(trainables), { provider: 'webgpu' })
  const perturbing = await loadModel(perturbGraph(trainables), onDevice)
  const descending = await loadModel(descendGraph(trainables), onDevice)

  /** One vector from others, by the names that the graph gives them. */
  async function run(
    session: LoadedModel,
    vectors: Readonly<Record<string, Feeds>>,
    scalars: Readonly<Record<string, number>> = {},
  ): Promise<Feeds> {
    const feeds: Feeds = {}
    for (const [vector, tensors] of Object.entries(vectors))
      for (const { name } of trainables) feeds[tensorOf(vector, name)] = tensors[name]!
    for (const [name, value] of Object.entries(scalars))
      feeds[name] = new Tensor('float32', Float32Array.of(value), [])
    const outputs = await session.run(feeds)
    return Object.fromEntries(
      trainables.map(({ name }) => [name, outputs[tensorOf(RESULT, name)] as Tensor]),
    )
  }

  async function product(
    session: LoadedModel,
    layout: LowRankLayout,
    factors: Float32Array,
  ): Promise<DeviceTensors> {
    const feeds = Object.entries(productFeeds(trainables, layout, factors))
    const outputs = await session.run(
      Object.fromEntries(feeds.map(([name, it]) => [name, tensorFrom(it)])),
    )
    const tensors = trainables.map(
      ({ name }) => [name, outputs[tensorOf(RESULT, name)] as Tensor] as const,
    )
    return new DeviceTensors(Object.fromEntries(tensors))
  }

  async function download(vector: DeviceVector): Promise<Float32Array> {
    const tensors = await run(fetching, { x: feedsOf(vector) })
    const values = new Float32Array(dim)
    for (const { name, offset } of trainables)
      values.set(tensors[name]!.data as Float32Array, offset)
    return values
  }

  /** @returns undefined where products are not rounded as the kernels round them */
  async function openProducts(layout: LowRankLayout): Promise<LoadedModel | undefined> {
    // A graph that the device refuses: the direction itself is sent.
    const session = await loadModel(productGraph(trainables, layout), onDevice).catch(
      () => undefined,
    )
    if (session === undefined) return undefined
    const factors = patternOf(layout.length, 1)
    const made = await product(session, layout, factors)
    const values = await download(made)
    made.free()
    const expected = writeOut(layout, new Float32Array(dim), [{ factors, weight: 1 }])
    if (values.every((value, j) => value === expected[j])) return session
    await session.release()
    return undefined
  }

  const dim = trainables.reduce((sum, { size }) => sum + size, 0)
  /** A run has one layout. */
  let products: Promise<LoadedModel | undefined> | undefined

  return {
    feedsOf,
    async expand(layout, factors) {
      products ??= openProducts(layout)
      const session = await products
      return session && product(session, layout, factors)
    },
    download,
    async upload(vector) {
      const x = Object.fromEntries(
        trainables.map(({ name, shape, size, offset }) => [
          name,
          new Tensor('float32', vector.subarray(offset, offset + size), shape),
        ]),
      )
      return new DeviceTensors(await run(sending, { x }))
    },
    async perturb(x, z, mu) {
      return new DeviceTensors(await run(perturbing, { x: feedsOf(x), z: feedsOf(z) }, { mu }))
    },
    async descend(x, delta, learningRate, weightDecay) {
      const vectors = { x: feedsOf(x), delta: feedsOf(delta) }
      return new DeviceTensors(await run(descending, vectors, { learningRate, weightDecay }))
    },
    async release() {
      const opened = [sending, fetching, perturbing, descending, await products]
      for (const session of opened) await session?.release()
    },
  }
}

function feedsOf(vector: DeviceVector): Feeds {
  if (vector instanceof DeviceTensors) return vector.feeds
  throw new Error('a vector of another device')
}

export interface TrustedMemory {
  readonly memory?: OnnxDeviceMemory
  /** Why there is none, as a sentence without its full stop. */
  readonly obstacle: string | undefined
}

/**
 * Memory of a device that rounds as the replicas do. @param resident left out where parameters are
 * to be fed
 */
export async function openTrustedMemory(
  provider: Provider,
  resident: { readonly trainables: readonly Trainable[]; readonly dim: number } | undefined,
): Promise<TrustedMemory> {
  if (resident === undefined) return { obstacle: 'only those of scalar-only methods stay there' }
  if (provider !== 'webgpu')
    return { obstacle: 'ONNX Runtime for Node leaves results only on webgpu' }
  let memory: OnnxDeviceMemory | undefined
  let obstacle: string | undefined
  try {
    memory = await openDeviceMemory(resident.trainables)
    obstacle = await findRoundingDifference(memory, resident.dim)
  } catch (error) {
    obstacle = messageOf(error)
  }
  if (memory !== undefined && obstacle === undefined) return { memory, obstacle }
  await memory?.release()
  return { obstacle }
}

export interface HeldTensors {
  readonly feeds: Readonly<Feeds>
  release(): Promise<void>
}

/** Tensors that are never trained, on the device for as long as they are wanted. */
export async function holdOnDevice(tensors: NamedTensors): Promise<HeldTensors> {
  const listed = Object.entries(tensors).map(([name, { shape }]) => ({ name, shape }))
  if (listed.length === 0) return { feeds: {}, release: () => Promise.resolve() }
  const sending = await loadModel(copyGraph(listed), { provider: 'webgpu', outputs: 'gpu-buffer' })
  const sent = await sending.run(
    Object.fromEntries(listed.map(({ name }) => [tensorOf('x', name), tensorFrom(tensors[name]!)])),
  )
  const feeds = Object.fromEntries(
    listed.map(({ name }) => [name, sent[tensorOf(RESULT, name)] as Tensor]),
  )
  return {
    feeds,
    async release() {
      for (const tensor of Object.values(feeds)) tensor.dispose()
      await sending.release()
    },
  }
}

/** Sizes as they come about in training: x, z and what a step adds up to; no two elements alike. */
const patternOf = (dim: number, size: number) =>
  Float32Array.from({ length: dim }, (_, j) => size * Math.sin(1 + j))

/**
 * Whether the device rounds as the kernels do. WGSL demands it of an addition, a subtraction and a
 * multiplication, but not that none be fused with the next, nor that numbers below 1.2e-38 survive.
 *
 * @returns undefined if so, else what it does
 */
export async function findRoundingDifference(
  memory: DeviceMemory,
  dim: number,
): Promise<string | undefined> {
  const round = Math.fround
  const [mu, learningRate, weightDecay] = [1e-3, 7e-3, 1e-2].map(round) as [number, number, number]
  const params = patternOf(dim, 0.3)
  const direction = patternOf(dim, 2).reverse()
  const x = await memory.upload(params)
  const z = await memory.upload(direction)
  const moved = await memory.perturb(x, z, mu)
  const next = await memory.descend(moved, z, learningRate, weightDecay)
  const results = await memory.download(next)
  for (const vector of [x, z, moved, next]) vector.free()
  const differing = results.findIndex((result, j) => {
    const from = round(params[j]! + round(mu * direction[j]!))
    const slope = round(direction[j]! + round(weightDecay * from))
    return result !== round(from - round(learningRate * slope))
  })
  return differing < 0 ? undefined : 'its float32 sums are not rounded as the replicas round them'
}
