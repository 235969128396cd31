import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import type { Samples } from '../core/data/index.ts'
import { openWorker, Run, type EngineHost } from '../core/engine/index.ts'
import {
  buildModel,
  buildOpt,
  copyGraph,
  createClassificationObjective,
  createLanguageObjective,
  createQuadraticObjective,
  type DeviceMemory,
  lowRankLayout,
  type Objective,
  RESULT,
  tensorOf,
  trainDecoder,
  writeOut,
  type Residency,
  type TrainableSet,
} from '../core/model/index.ts'
import { readRun } from '../core/runs/index.ts'
import { DeviceTraffic, onTestDevice } from '../core/testing/deviceMemory.ts'
import { createFederation, quadraticConfig, type Federation } from '../core/testing/federation.ts'
import { tokenRows } from '../core/testing/tokenRows.ts'
import { findRoundingDifference, holdOnDevice, openDeviceMemory } from './deviceMemory.ts'
import { openOnDevice } from './deviceSession.ts'
import { openRunnerOnDevice } from './graphRunner.ts'
import { createNodeHost } from './nodeHost.ts'
import { loadModel, openSession, type Provider } from './sessions.ts'

// Debian's chromium brings a software Vulkan driver; it is taken here unless the machine names its
// own.
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(SOFTWARE_DRIVER)) process.env['VK_ICD_FILENAMES'] ??= SOFTWARE_DRIVER

const featureShape = [1, 8, 8]
const graphs = {
  softmax: buildModel('softmax', { featureShape, classes: 10 }, 365),
  mlp: buildModel('mlp', { featureShape, classes: 10, hidden: [16] }, 365),
  cnn: buildModel('cnn-mnist', { featureShape, classes: 10 }, 365),
}

const shape = { layers: 1, hidden: 16, heads: 2, ffn: 32, vocabulary: 20, positions: 16 }
const trainables = {
  'decoder in full': { kind: 'full' },
  'decoder by LoRA': { kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] },
} satisfies Record<string, TrainableSet>

/** Why there is no WebGPU here, if there is none. */
const absence: string | undefined = await openSession(graphs.softmax, { provider: 'webgpu' }).then(
  (session) => session.release().then(() => undefined),
  (error: Error) => error.message,
)
const needsDevice = ({ skip }: TestContext) => {
  if (absence !== undefined) skip(`no WebGPU here: ${absence}`)
}

/** Stripes that each class has at another angle, no two samples alike. */
const striped: Samples = {
  count: 40,
  labels: Int32Array.from({ length: 40 }, (_, i) => i % 10),
  gather(indices, out) {
    for (const [at, i] of indices.entries())
      for (let j = 0; j < 64; j++)
        out[64 * at + j] = Math.sin((i % 10) * (j % 8) + (10 - (i % 10)) * Math.floor(j / 8) + i)
  },
}

type Model = keyof typeof graphs | keyof typeof trainables

function objectiveOn(model: Model, provider: Provider, residency: Residency): Promise<Objective> {
  return model in graphs
    ? classifierOn(model as keyof typeof graphs, provider, residency)
    : decoderOn(model as keyof typeof trainables, provider, residency)
}

async function decoderOn(
  model: keyof typeof trainables,
  provider: Provider,
  residency: Residency,
): Promise<Objective> {
  const dataset = tokenRows({
    rows: 12,
    length: 7,
    vocabulary: shape.vocabulary,
    candidates: [3, 7],
  })
  const graph = trainDecoder(buildOpt(shape, 365), {
    trainables: trainables[model],
    seed: 365,
    candidates: dataset.candidates!,
  })
  const { runner } = await openRunnerOnDevice(
    graph.bytes,
    provider,
    residency === 'fed' ? undefined : graph,
  )
  return createLanguageObjective({
    graph,
    runner,
    dataset,
    batchOf: ({ client, round, localStep }) =>
      Uint32Array.of((3 * client + round) % 12, (3 * client + localStep) % 12),
    batchSize: 2,
  })
}

async function classifierOn(
  model: keyof typeof graphs,
  provider: Provider,
  residency: Residency,
): Promise<Objective> {
  const graph = graphs[model]
  const { session } = await openOnDevice(graph, provider, residency)
  return createClassificationObjective({
    graph,
    session,
    dataset: {
      name: 'striped',
      title: 'Stripes',
      featureShape,
      featureSize: 64,
      classes: [...'0123456789'],
      train: striped,
      test: striped,
      preprocessing: { kind: 'pixels', mean: 0, std: 1 },
      labelNumbers: undefined,
      notices: [],
      fingerprint: '',
    },
    batchOf: ({ client, round, localStep }) =>
      Uint32Array.of(10 * client + round, 10 * client + localStep),
    batchSize: 2,
  })
}

const configOf = (dim: number) =>
  quadraticConfig(
    `task.dim=${dim}`,
    'federation.clients=3',
    'federation.participants=2',
    'federation.rounds=3',
    'method.learningRate=1e-3',
    'method.weightDecay=0.01',
    'method.estimator=central',
  )

const federationOn = (objective: Objective, log?: Uint8Array) =>
  createFederation(configOf(objective.dim), {
    replaceObjective: () => objective,
    ...(log && { log }),
  })

async function played(federation: Federation) {
  const results = await federation.play()
  const outcome = {
    losses: results.map(({ trainLoss }) => trainLoss!),
    log: federation.server.log.since(0),
    stateHash: await federation.stateHash(),
  }
  await federation.pool.close()
  return outcome
}

describe.each([
  ...(['softmax', 'mlp', 'cnn'] as const),
  ...(['decoder in full', 'decoder by LoRA'] as const),
])('%s with its parameters on WebGPU', (model) => {
  test('takes the course of one whose parameters are fed, to the bit, and about that of the CPU', async (context) => {
    needsDevice(context)
    const objectives = [
      await objectiveOn(model, 'webgpu', 'resident'),
      await objectiveOn(model, 'webgpu', 'fed'),
      await objectiveOn(model, 'cpu', 'fed'),
    ] as const
    expect(objectives.map(({ device }) => device !== undefined)).toEqual([true, false, false])
    const [resident, fed, onCpu] = objectives.map((it) => federationOn(it))
    const { losses, ...sameBits } = await played(resident!)
    expect(await played(fed!)).toMatchObject(sameBits)
    for (const [round, loss] of (await played(onCpu!)).losses.entries())
      // What rounds a loss by 1e-6 moves its scalar by 1e-3 at μ = 1e-3, and x with it.
      expect(losses[round]! / loss).toBeCloseTo(1, 3)
  })

  test('can be interrupted, and has the loss and the bits that the CPU rebuilds', async (context) => {
    needsDevice(context)
    const objective = await objectiveOn(model, 'webgpu', 'resident')
    const whole = federationOn(objective)
    await whole.round()
    const log = whole.server.log.since(0).slice()
    await whole.play()
    const resumed = federationOn(objective, log)
    await resumed.play()
    expect(await resumed.stateHash()).toBe(await whole.stateHash())

    const rebuilt = federationOn(await objectiveOn(model, 'cpu', 'fed'), whole.server.log.since(0))
    expect(await rebuilt.stateHash()).toBe(await whole.stateHash())
    const [onDevice, onCpu] = [await whole.pool.evaluate(12), await rebuilt.pool.evaluate(12)]
    expect(onDevice.lossSum / onCpu.lossSum).toBeCloseTo(1, 5)
    await whole.pool.close()
    await rebuilt.pool.close()
  })
})

test('vectors on WebGPU have the bits that they have here', async (context) => {
  needsDevice(context)
  const { trainables, dim } = graphs.cnn
  const memory = await openDeviceMemory(trainables)
  expect(await findRoundingDifference(memory, dim)).toBeUndefined()
  const sent = Float32Array.from({ length: dim }, (_, j) => Math.cos(j))
  const vector = await memory.upload(sent)
  expect(await memory.download(vector)).toEqual(sent)
  vector.free()
  const layout = lowRankLayout(trainables, 2)
  const factors = Float32Array.from({ length: layout.length }, (_, j) => Math.sin(j))
  const made = (await memory.expand(layout, factors))!
  const expected = writeOut(layout, new Float32Array(dim), [{ factors, weight: 1 }])
  expect(await memory.download(made)).toEqual(expected)
  made.free()
  await memory.release()
})

test('tensors that are never trained stay on WebGPU as they are', async (context) => {
  needsDevice(context)
  const data = Float32Array.of(3, -1, 1e-6)
  const held = await holdOnDevice({ frozen: { data, shape: [3] } })
  const session = await loadModel(copyGraph([{ name: 'frozen', shape: [3] }]), {
    provider: 'webgpu',
  })
  const results = await session.run({ [tensorOf('x', 'frozen')]: held.feeds['frozen']! })
  expect(results[tensorOf(RESULT, 'frozen')]!.data).toEqual(data)
  await session.release()
  await held.release()
})

test('a device that rounds otherwise is found out', async () => {
  const { task, seed } = quadraticConfig()
  if (task.kind !== 'quadratic') throw new Error('unreachable')
  const { device } = onTestDevice(createQuadraticObjective(task, seed), new DeviceTraffic())
  expect(await findRoundingDifference(device!, 100)).toBeUndefined()
  const fusing: DeviceMemory = {
    ...device!,
    // One rounding where there should be two.
    perturb: async (x, z, mu) => {
      const [from, direction] = [await device!.download(x), await device!.download(z)]
      return device!.upload(from.map((xj, j) => xj + mu * direction[j]!))
    },
  }
  expect(await findRoundingDifference(fusing, 100)).toMatch(/not rounded/)
})

describe('a run on WebGPU', () => {
  const resources = fileURLToPath(new URL('../resources', import.meta.url))
  let parent: string
  beforeAll(async () => void (parent = await mkdtemp(join(tmpdir(), 'hiso-device-'))))
  afterAll(() => rm(parent, { recursive: true }))

  /** Workers in this thread. */
  function inlineHost(): EngineHost {
    const host = createNodeHost({ resources, workerScript: '', version: 'test' })
    const own: EngineHost = { ...host, startWorker: (config) => openWorker(config, own) }
    return own
  }

  test.each([
    ['hiso', /Parameters stay on webgpu/],
    ['fedzo', /Parameters are sent to webgpu for every forward pass/],
  ])('of %s says once where its parameters are: %s', async (method, notice) => {
    const config = parseRunConfig({
      name: method,
      task: { dataset: 'mnist', model: 'softmax' },
      federation: { clients: 2, participants: 2, rounds: 1, batchSize: 2 },
      method: { name: method },
      evaluation: { samples: 2 },
      compute: { provider: 'webgpu', workers: 1 },
    })
    const host = inlineHost()
    await (await Run.start(host, config, join(parent, method))).play()
    const { status, information = [], notices } = (await readRun(host, join(parent, method))).record
    expect(status).toBe('finished')
    const told = absence === undefined ? notice : /webgpu can't be used here/
    expect([...information, ...notices].filter((text) => told.test(text))).toHaveLength(1)
  })
})
