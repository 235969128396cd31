/** What every kind of task in the registry must hold to, on the real inference runtime. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNodeHost } from '../../platform/nodeHost.ts'
import { HisoError } from '../base/index.ts'
import { parseRunConfig, taskFacts, type RunConfig, type TaskKind } from '../config/index.ts'
import { writeMails } from '../testing/languageTask.ts'
import { openSamples, previewModel, previewNumbers, previewTexts } from './preview.ts'
import { taskOf, tasks } from './registry.ts'
import { splitOf } from './split.ts'

const host = createNodeHost({
  resources: fileURLToPath(new URL('../../resources', import.meta.url)),
  workerScript: '',
  version: 'test',
})
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hiso-tasks-'))
  await writeMails(join(folder, 'mails.jsonl'), 40, 'Win money now')
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 5) % 11},${i % 3}`)
  await writeFile(join(folder, 'table.csv'), `a,b,label\n${rows.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

/** A small task of each kind: a new kind adds one line. */
const examples: { readonly [Kind in TaskKind]: (folder: string) => object } = {
  classification: (at) => ({ dataset: join(at, 'table.csv'), model: 'mlp', hidden: [4] }),
  language: (at) => ({
    model: 'opt-tiny',
    dataset: join(at, 'mails.jsonl'),
    template: 'spam',
    maxLength: 24,
    trainables: { kind: 'lora', rank: 1 },
  }),
  quadratic: () => ({ dim: 50, heterogeneity: 0.1, gradientNoise: 0.01 }),
}

function configOf(kind: TaskKind, method = 'hiso'): RunConfig {
  return parseRunConfig({
    name: kind,
    task: { kind, ...examples[kind](folder) },
    federation: { clients: 4, participants: 2, batchSize: 4 },
    method: { name: method },
  })
}

/** By code and a remedy or a place: never a crash. */
const refusal = (thrown: unknown) => {
  if (!(thrown instanceof HisoError)) throw thrown
  return thrown
}

const kinds = Object.keys(tasks) as TaskKind[]

test('every kind of the schema is in the registry, with its own facts', () => {
  expect(kinds.toSorted()).toEqual(Object.keys(taskFacts).toSorted())
  for (const kind of kinds) expect(tasks[kind].facts).toBe(taskFacts[kind])
})

describe.each(kinds)('%s', (kind) => {
  const open = async (first?: Parameters<ReturnType<typeof taskOf>['open']>[2]) => {
    const config = configOf(kind)
    return taskOf(config.task).open(config, host, first)
  }
  const batches = [
    { client: 0, round: 0, localStep: 0 },
    { client: 3, round: 2, localStep: 1 },
  ]

  test('opens to the same bits again, and after another worker', async () => {
    const first = await open()
    const others = [await open(), await open(first)]
    const params = first.objective.initialParams()
    const losses = await first.objective.losses(params, batches)
    const evaluation = await first.objective.evaluate(params, 0, 4)
    expect(losses.every(Number.isFinite)).toBe(true)
    for (const { objective, fingerprints } of others) {
      expect(fingerprints).toEqual(first.fingerprints)
      expect(objective.initialParams()).toEqual(params)
      expect(await objective.losses(params, batches)).toEqual(losses)
      expect(await objective.evaluate(params, 0, 4)).toEqual(evaluation)
    }
    for (const { objective } of [first, ...others]) await objective.release()
  })

  test('says the same d and tensors open and in its preview', async () => {
    const { objective, trainables } = await open()
    const preview = await previewModel(configOf(kind), host)
    const size = (shape: readonly number[]) => shape.reduce((product, it) => product * it, 1)
    expect(preview.dim).toBe(objective.dim)
    expect(preview.trainables.map(({ name, shape }) => ({ name, shape }))).toEqual(trainables)
    expect(trainables.reduce((sum, { shape }) => sum + size(shape), 0)).toBe(objective.dim)
    await objective.release()
  })

  test('has exactly the parts that its facts say', async () => {
    const { facts, preview, lossSize } = taskOf(configOf(kind).task)
    expect(preview.samples !== undefined).toBe(facts.hasSamples)
    expect(preview.texts !== undefined).toBe(facts.hasTexts)
    expect(preview.dataset !== undefined).toBe(facts.hasSamples && !facts.hasTexts)
    const { objective, fingerprints, provider } = await open()
    const { correct } = await objective.evaluate(objective.initialParams(), 0, 4)
    expect(correct !== undefined).toBe(facts.hasAccuracy)
    expect(fingerprints.dataset !== undefined).toBe(facts.hasSamples)
    if (lossSize !== undefined) expect(provider).toBeUndefined()
    await objective.release()
  })

  test('shows what it has before a run, and refuses the rest in words', async () => {
    const config = configOf(kind)
    const { facts } = taskOf(config.task)
    for (const [has, ask] of [
      [facts.hasSamples, openSamples],
      [facts.hasSamples && !facts.hasTexts, previewNumbers],
      [facts.hasTexts, previewTexts],
    ] as const)
      if (has) expect(await ask(config, host)).toBeDefined()
      else
        expect(refusal(await ask(config, host).catch((it: unknown) => it)).code).toBe(
          'CONFIG_INVALID',
        )
  })

  test('deals every sample to exactly one client, where it has samples', async () => {
    const config = configOf(kind)
    if (!taskOf(config.task).facts.hasSamples) return
    const samples = await openSamples(config, host)
    const { sizes } = splitOf(config, samples)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(samples.train.labels.length)
  })

  test('has a surface whose gradient is the slope of its loss', async () => {
    const config = configOf(kind)
    const { surface, initialParams, fingerprints, release, tensors } = await taskOf(
      config.task,
    ).surface(config, 16, host)
    const { objective, ...report } = await open()
    expect(fingerprints).toEqual(report.fingerprints)
    expect(tensors).toEqual(report.trainables)
    expect(initialParams).toEqual(objective.initialParams())
    const gradient = new Float64Array(surface.dim)
    const loss = await surface.gradient(initialParams, gradient)
    expect(loss).toBeCloseTo(await surface.loss(initialParams), 5)
    const slope = Math.hypot(...gradient)
    const at = (step: number) =>
      surface.loss(initialParams.map((x, j) => x + (step * gradient[j]!) / slope))
    const mu = 1e-2
    const difference = ((await at(mu)) - (await at(-mu))) / (2 * mu)
    expect(Math.abs(difference - slope)).toBeLessThan(0.02 * slope)
    await release()
    await objective.release()
  })

  test('has the same loss without a gradient', async () => {
    const config = configOf(kind)
    const task = taskOf(config.task)
    const surface = await task.surface(config, 16, host)
    const loss = await task.loss(config, 16, host)
    const at = surface.initialParams
    expect(await loss.surface.loss(at)).toBe(await surface.surface.loss(at))
    expect(loss).toMatchObject({ samples: surface.samples, fingerprints: surface.fingerprints })
    expect(loss.initialParams).toEqual(at)
    await Promise.all([surface.release(), loss.release()])
  })

  test('gives its model to be written, or says why there is none', async () => {
    const config = configOf(kind)
    const model = await taskOf(config.task).baseModel(config, host).catch(refusal)
    if (model instanceof HisoError) {
      expect(model).toMatchObject({ code: 'MODEL_UNSUPPORTED', remedy: expect.any(String) })
      return
    }
    const { objective, fingerprints } = await open()
    expect(model.fingerprint).toBe(fingerprints.model)
    expect(model.dim).toBe(objective.dim)
    expect(model.initialParams()).toEqual(objective.initialParams())
    expect([...(await model.files(model.initialParams(), 'onnx')).keys()]).toEqual(['model.onnx'])
    await objective.release()
  })

  test('learns with true gradients as with differences', async () => {
    const config = configOf(kind, 'fedavg')
    const { objective } = await taskOf(config.task).open(config, host)
    expect('gradient' in objective).toBe(true)
    await objective.release()
  })
})
