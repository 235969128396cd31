/** Language models as whole runs, from config to hash, with a few mails. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../config/index.ts'
import { examineCurvature, openWorker, Run, type EngineHost } from '../index.ts'
import { previewSplit } from '../before/preview.ts'
import { buildOpt, createLanguageObjective, optShapes, trainDecoder } from '../../model/index.ts'
import { readRun } from '../../runs/index.ts'
import { previewModel } from '../../tasks/index.ts'
import { languageConfig, writeMails } from '../../testing/languageTask.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import { createNodeHost } from '../../../platform/nodeHost.ts'

const host: EngineHost = {
  ...createNodeHost({
    resources: fileURLToPath(new URL('../../../resources', import.meta.url)),
    workerScript: '',
    version: 'test',
  }),
  // Workers in this thread.
  startWorker: (own, texts) => openWorker(own, host, texts),
}
let parent: string
let mails: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hiso-language-'))
  mails = join(parent, 'mails.jsonl')
  await writeMails(mails, 40, 'Win money now, click here')
})
afterAll(() => rm(parent, { recursive: true }))

const config = (...overrides: readonly string[]) => languageConfig(mails, overrides)

const hashOf = async (of: RunConfig) => {
  const folder = join(parent, String(of.compute.workers))
  const record = await (await Run.start(host, of, folder)).play()
  expect(record.status).toBe('finished')
  return record.stateHash
}

describe('a language model', () => {
  it('is fine-tuned to the same bits by any number of workers', async () => {
    expect(await hashOf(config())).toBe(await hashOf(config('compute.workers=2')))
  })

  it.each([
    ['opt-mail', '{ kind: lora, rank: 2 }', 0.05],
    ['opt-tiny', '{ kind: full }', 0.02],
  ])('learns from true gradients: %s, %s', async (model, trainables, learningRate) => {
    const own = config(
      `task.model=${model}`,
      `task.trainables=${trainables}`,
      'split={ kind: iid }',
      'federation={ clients: 4, participants: 4, rounds: 10, batchSize: 8 }',
      `method={ name: fedavg, learningRate: ${learningRate} }`,
      'evaluation={ every: 1, samples: 8 }',
    )
    const run = await Run.start(host, own, join(parent, `fedavg-${model}`))
    const losses: number[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted') losses.push(event.row.testLoss!)
    })
    expect((await run.play()).status).toBe('finished')
    expect(losses.at(-1)).toBeLessThan(0.6 * losses[0]!)
  })

  it('is given its tokens once, and not once per worker', async () => {
    const readingsOf = async (workers: number) => {
      let readings = 0
      const pieces = (path: string) => {
        if (path === mails) readings++
        return host.files.pieces(path)
      }
      const counting: EngineHost = {
        ...host,
        files: { ...host.files, pieces },
        startWorker: (own, texts) => openWorker(own, counting, texts),
      }
      const folder = join(parent, `${workers} workers`)
      const run = await Run.start(counting, config(`compute.workers=${workers}`), folder)
      expect((await run.play()).status).toBe('finished')
      return readings
    }
    const alone = await readingsOf(1)
    expect(alone).toBeGreaterThan(0)
    expect(await readingsOf(3)).toBe(alone)
  })

  it('is scored by the answers that it writes', async () => {
    const template = join(parent, 'kind.yaml')
    await writeFile(
      template,
      `title: Which kind
kind: generation
prompt: "{body} This is"
answer: " {label}\\n"
references: [label]
metrics: [exactMatch, f1, rougeL]
`,
    )
    const own = config(
      `task.template=${template}`,
      'task.trainables={ kind: full }',
      'task.maxNewTokens=4',
      'split={ kind: iid }',
      'federation={ clients: 4, participants: 4, rounds: 20, batchSize: 8 }',
      'method={ name: fedavg, learningRate: 0.05 }',
      'evaluation={ every: 20, samples: 8 }',
    )
    const folder = join(parent, 'written')
    const record = await (await Run.start(host, own, folder)).play()
    expect(record.initial).toMatchObject({ exactMatch: 0 })
    const { rows } = await readRun(host, folder)
    const { testAccuracy, exactMatch, f1, rougeL } = rows.at(-1)!
    expect(testAccuracy).toBeUndefined()
    expect(exactMatch).toBeGreaterThan(0.4)
    for (const score of [f1, rougeL]) {
      expect(score).toBeGreaterThanOrEqual(exactMatch!)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect(record.latest).toMatchObject({ exactMatch, f1, rougeL })
  })

  it('has its Hessian examined, by probes and by its spectrum', async () => {
    const folder = join(parent, 'examined')
    await (await Run.start(host, config('task.trainables.rank=1'), folder)).play()
    const settings = { rounds: ['last'], probes: 8, samples: 20 } as const
    const watch = { progressed: () => {}, isCancelled: () => false }
    const report = await examineCurvature(host, folder, settings, watch)
    expect(report).toMatchObject({ dim: 2 * 2 * 128, samples: 20, isComplete: true })
    const [at] = report.rounds
    expect(at!.tensors.map(({ name }) => name)).toContain('layers.0.self_attn.q_proj.weight.lora_A')
    expect(at!.source).toBe('probes')
    expect(Number.isFinite(at!.trace.value + at!.norm + at!.gradientNorm)).toBe(true)
    expect(at!.norm).toBeGreaterThan(0)
    expect(at!.gradientNorm).toBeGreaterThan(0)
  })

  it('shows d and its split before the run', async () => {
    const { dim, trainables } = await previewModel(config(), host)
    // 2 layers, q and v, A and B of 64 × 2.
    expect([dim, trainables.length]).toEqual([2 * 2 * 2 * 128, 8])
    const { sizes } = await previewSplit(config(), host)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(32)
  })

  it('takes all parts of a role', async () => {
    const { trainables } = await previewModel(
      config('task.trainables={kind: pattern, names: ["role:norm"]}'),
      host,
    )
    expect(trainables.map(({ name }) => name)).toContain('final_layer_norm.weight')
    expect(trainables.length).toBe(2 * (2 * 2 + 1))
  })

  it('that is nowhere is asked for', async () => {
    const opened = openWorker(config('task.model=nowhere'), host)
    await expect(opened).rejects.toThrow(
      /nor an ONNX file.*With the program come opt-mail, use-lite/,
    )
  })

  it('whose tokenizer knows more tokens than the model is refused with both numbers', () => {
    const { vocabulary } = optShapes['opt-tiny']
    const rows = tokenRows({ rows: 4, length: 5, vocabulary, candidates: [1, 2] })
    const dataset = { ...rows, vocabulary: vocabulary + 3 }
    const graph = trainDecoder(buildOpt(optShapes['opt-tiny'], 1), {
      trainables: { kind: 'full' },
      seed: 1,
    })
    const batchOf = () => new Uint32Array(1)
    const runner = { run: () => Promise.reject(new Error('unused')), release: async () => {} }
    const create = () => createLanguageObjective({ graph, runner, dataset, batchOf, batchSize: 1 })
    expect(create).toThrow(`knows ${vocabulary} tokens, and the tokenizer makes ${vocabulary + 3}`)
  })

  it('whose positions are fewer than the tokens is refused with the number to set', async () => {
    const { vocabulary } = optShapes['opt-tiny']
    const dataset = tokenRows({ rows: 4, length: 12, vocabulary, candidates: [1, 2] })
    const shape = { ...optShapes['opt-tiny'], positions: 9 }
    const graph = trainDecoder(buildOpt(shape, 1), { trainables: { kind: 'full' }, seed: 1 })
    const batchOf = () => new Uint32Array(1)
    const runner = { run: () => Promise.reject(new Error('unused')), release: async () => {} }
    expect(() =>
      createLanguageObjective({ graph, runner, dataset, batchOf, batchSize: 1 }),
    ).toThrow(/Set task\.maxLength to at most 9/)
  })
})
