/**
 * Runs whose probes share forward passes: bits, resuming, replay, and what is said where they
 * don't.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overrideConfig, parseRunConfig, type RunConfig } from '../../config/index.ts'
import { openWorker, Run, replayRun, type EngineHost } from '../index.ts'
import { readRun } from '../../runs/index.ts'
import { languageConfig, writeMails } from '../../testing/languageTask.ts'
import { createNodeHost } from '../../../platform/nodeHost.ts'

const node = createNodeHost({
  resources: fileURLToPath(new URL('../../../resources', import.meta.url)),
  workerScript: '',
  version: 'test',
})
// Workers in this thread.
const host: EngineHost = { ...node, startWorker: (own, group) => openWorker(own, host, group) }

let parent: string
let mails: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hiso-pass-'))
  mails = join(parent, 'mails.jsonl')
  await writeMails(mails, 40, 'Win money now, click here')
})
afterAll(() => rm(parent, { recursive: true }))

const lowRank = [
  'method={ name: decomfl, distribution: low-rank, rank: 2, perturbations: 3, learningRate: 0.001 }',
]

function digits(...overrides: readonly string[]): RunConfig {
  return parseRunConfig(
    overrideConfig(
      {
        name: 'digits',
        task: { dataset: 'mnist', model: 'mlp', hidden: [16] },
        federation: { clients: 4, participants: 2, rounds: 4, batchSize: 4 },
        method: { name: 'decomfl' },
        evaluation: { every: 4, samples: 10 },
        compute: { workers: 1 },
      },
      [...lowRank, ...overrides],
    ),
  )
}

const tasks: Readonly<Record<string, (...overrides: readonly string[]) => RunConfig>> = {
  'a perceptron': (...overrides) => digits('federation.localSteps=2', ...overrides),
  'a perceptron, implicit steps': (...overrides) => digits('method.step=implicit', ...overrides),
  'a language model in full': (...overrides) =>
    languageConfig(mails, ['task.trainables={ kind: full }', ...lowRank, ...overrides]),
  'a language model with LoRA': (...overrides) =>
    languageConfig(mails, [
      'task.trainables={ kind: lora, rank: 4 }',
      'federation.localSteps=2',
      ...lowRank,
      ...overrides,
    ]),
}

let runs = 0
async function play(config: RunConfig, stopAfter?: number) {
  const folder = join(parent, String(runs++))
  const run = await Run.start(host, config, folder)
  run.listen((event) => {
    if (event.type === 'roundCompleted' && event.row.round === stopAfter) run.stop()
  })
  return { folder, record: await run.play() }
}

const lossesOf = async (folder: string) =>
  (await readRun(host, folder)).rows.map((row) => row.trainLoss!)

describe.each(Object.entries(tasks))('%s', (_name, configOf) => {
  const shared = ['compute.probesPerPass=3']

  test('has the same bits with any number of workers, after a stop, and by replay', async () => {
    const { folder, record } = await play(configOf(...shared))
    expect(record.environment['pass']).toBe(3)
    expect(record.notices.join()).not.toMatch(/written out/)
    const two = await play(configOf(...shared, 'compute.workers=2'))
    expect(two.record.stateHash).toBe(record.stateHash)
    const stopped = await play(configOf(...shared), 1)
    const resumed = await (await Run.resume(host, stopped.folder)).play()
    expect(resumed.stateHash).toBe(record.stateHash)
    expect((await replayRun(host, folder)).stateHash).toBe(record.stateHash)
  })

  test('learns what written-out probes learn, up to rounding', async () => {
    const [own, single] = await Promise.all([
      play(configOf(...shared)),
      play(configOf('compute.probesPerPass=single')),
    ])
    expect(single.record.environment['pass']).toBe('single')
    const [a, b] = [await lossesOf(own.folder), await lossesOf(single.folder)]
    for (const [round, loss] of a.entries()) expect(loss).toBeCloseTo(b[round]!, 3)
  })
})

describe('where probes can not share as asked', () => {
  test.each([
    ['task.model=cnn-mnist', /measured by itself: Conv reads/],
    [
      'method={ name: decomfl, distribution: low-rank, weightDecay: 0.1, perturbations: 2 }',
      /with weight decay, several local steps/,
    ],
    ['method={ name: conmezo, distribution: low-rank, perturbations: 2 }', /directions lean/],
  ])('%s: each is written out, and the run says why', async (setting, notice) => {
    const overrides = ['compute.probesPerPass=3', 'federation.localSteps=2', setting]
    const { record } = await play(digits(...overrides))
    expect(record.status).toBe('finished')
    expect(record.environment['pass']).toBe('single')
    expect(record.notices.join()).toMatch(notice)
  })

  test('a group that takes too much memory is planned smaller, and the run says so', async () => {
    const overrides = ['compute.probesPerPass=3', 'compute.passMemory=1']
    const { record } = await play(tasks['a language model in full']!(...overrides))
    expect(record.environment['pass']).toBe(1)
    expect(record.notices.join()).toMatch(/1 probe has a forward pass, not 3: each takes about/)
  })
})
