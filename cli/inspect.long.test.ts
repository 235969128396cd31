/** `hiso inspect` from the outside. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetPreview, TextsSummary } from '../core/data/index.ts'
import type { OptOutline, OptPlan } from '../core/engine/index.ts'
import type { DecoderDescription } from '../core/tasks/index.ts'
import type { RunRecord } from '../core/runs/index.ts'
import { hiso } from './testing/hisoProcess.ts'
import type { InspectedModel } from './formatModel.ts'

let home: string
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-inspect-'))
  const rows = Array.from(
    { length: 40 },
    (_, row) => `${row},${row / 8},${row % 2 ? 'odd' : 'even'}`,
  )
  writeFileSync(join(home, 'numbers.csv'), ['whole,part,kind', ...rows].join('\n'))
  const mails = rows.map((_, row) => [`Mail ${row}`, row % 2 ? 'ham' : 'spam'] as const)
  const lines = mails.map(([body, label]) => JSON.stringify({ body, label }))
  writeFileSync(join(home, 'mails.jsonl'), lines.join('\n'))
  writeFileSync(join(home, 'mails.csv'), ['body,label', ...mails].join('\n'))
  writeFileSync(
    join(home, 'run.json'),
    JSON.stringify({
      name: 'run',
      task: { dataset: 'mnist', model: 'softmax' },
      federation: { clients: 4, participants: 1, rounds: 1, batchSize: 4 },
      method: { name: 'hiso', perturbations: 1 },
      evaluation: { samples: 100 },
      compute: { workers: 1 },
    }),
  )
  await hiso(home, 'run', 'run.json', '--out', 'run')
  await hiso(home, 'export', 'run', '--format', 'onnx')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('hiso inspect of a dataset', () => {
  it('shows samples, classes, ranges, fingerprint and the first images', async () => {
    const { code, stdout, stderr } = await hiso(home, 'inspect', 'mnist')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const text of ['28 × 28 pixels', '8,000 to train on', '0 to 255', 'licence', '@@'])
      expect(stdout).toContain(text)
    expect(stdout).toMatch(/fingerprint +[0-9a-f]{64}\n/)
  })

  it('shows the columns and first rows of a table as they stand in the file', async () => {
    const { stdout } = await hiso(home, 'inspect', 'numbers.csv')
    expect(stdout).toMatch(/column +least +most +mean\n +whole +0 +39 +19.5\n/)
    const { stdout: json } = await hiso(home, 'inspect', 'numbers.csv', '--json')
    const preview = JSON.parse(json) as DatasetPreview
    expect(preview.first.length).toBeGreaterThan(0)
    for (const { className, values } of preview.first) {
      expect(values[1]).toBe(values[0]! / 8)
      expect(className).toBe(values[0]! % 2 === 1 ? 'odd' : 'even')
    }
  })

  it('reads the class from the column that it is told', async () => {
    const { code, stderr } = await hiso(home, 'inspect', 'numbers.csv', '--label-column', 'kin')
    expect(code).toBe(2)
    expect(stderr).toMatch(/kind/)
  })

  it('suggests a name for one that there is not', async () => {
    const { code, stderr } = await hiso(home, 'inspect', 'mnits')
    expect(code).toBe(3)
    expect(stderr).toMatch(/^error DATA_NOT_FOUND: mnits: .*Did you mean mnist\?/)
  })
})

describe('hiso inspect of texts', () => {
  it('shows what each column holds, and the values of those that may be labels', async () => {
    const { code, stdout } = await hiso(home, 'inspect', 'mails.jsonl')
    expect(code).toBe(0)
    expect(stdout).toMatch(/40 to train on, of which a share is held out/)
    expect(stdout).toMatch(/label +40 +4 +spam \(20\), ham \(20\)\n/)
    const { stdout: json } = await hiso(home, 'inspect', 'mails.jsonl', '--json')
    const { kind, columns, first } = JSON.parse(json) as TextsSummary & { kind: string }
    expect(kind).toBe('texts')
    expect(columns.map(({ name, values }) => [name, values?.length])).toEqual([
      ['body', undefined],
      ['label', 2],
    ])
    expect(first[0]).toEqual(['Mail 0', 'spam'])
  })

  it('of a table says how it would be read as numbers', async () => {
    const { code, stdout, stderr } = await hiso(home, 'inspect', 'mails.csv')
    expect(code).toBe(0)
    expect(stdout).toMatch(/label +40 +4 +spam/)
    expect(stderr).toMatch(/Shown as texts; with --label-column/)
    const row = (n: number) => JSON.stringify({ kind: 'cd'[n % 2], a: n % 7, b: (n * n) % 11 })
    writeFileSync(
      join(home, 'first.jsonl'),
      Array.from({ length: 40 }, (_, n) => row(n)).join('\n'),
    )
    const lines = await hiso(home, 'inspect', 'first.jsonl')
    expect(lines.stderr).toMatch(/Shown as texts; with --label-column/)
    const numbers = await hiso(home, 'inspect', 'first.jsonl', '--label-column', 'kind')
    expect(numbers.stdout).toMatch(/2 numbers; the class is column kind/)
  })

  it('names the bundled set and its two parts', async () => {
    const { code, stdout } = await hiso(home, 'inspect', 'spam-mail')
    expect(code).toBe(0)
    expect(stdout).toMatch(/rows +[\d,]+ to train on, [\d,]+ to test with\n/)
  })
})

describe('hiso inspect of a model', () => {
  it('shows inputs, weights and d', async () => {
    const { code, stdout } = await hiso(home, 'inspect', 'run.onnx')
    expect(code).toBe(0)
    expect(stdout).toMatch(/dimension d +7,850\n/)
    expect(stdout).toMatch(/features: float32 \[rows, 1, 28, 28\]/)
    const { stdout: json } = await hiso(home, 'inspect', 'run.onnx', '--json')
    const { dim, weights } = JSON.parse(json) as InspectedModel
    expect(dim).toBe(7850)
    const trained = weights.filter(({ training }) => training === 'trained')
    const scaling = weights.filter(({ reason }) => reason === 'scales the input data')
    expect([trained.length, scaling.length, weights.length]).toEqual([2, 2, 4])
  })

  it('names a file that is cut short', async () => {
    const whole = readFileSync(join(home, 'run.onnx'))
    writeFileSync(join(home, 'cut.onnx'), whole.subarray(0, 999))
    const { code, stderr } = await hiso(home, 'inspect', 'cut.onnx')
    expect(code).toBe(3)
    expect(stderr).toMatch(/^error MODEL_INVALID: .*cut.onnx: .*cut short/)
  })
})

describe('hiso inspect of a decoder', () => {
  it('shows what it takes, its weights by role, and d in full and with LoRA', async () => {
    const { code, stdout } = await hiso(home, 'inspect', 'opt-mail')
    expect(code).toBe(0)
    expect(stdout).toMatch(/tokens: input_ids\n/)
    expect(stdout).toMatch(/LoRA, rank 8, q and v +d = 24,576\n/)
    expect(stdout).toMatch(/embed_tokens\.weight +embedding +4096 × 192/)
  })

  it('finds it in a folder, and tells that there is no tokenizer beside it, or another model’s', async () => {
    mkdirSync(join(home, 'decoder'))
    const file = fileURLToPath(
      new URL('../core/testing/models/language/gpt-opset13.onnx', import.meta.url),
    )
    copyFileSync(file, join(home, 'decoder', 'model.onnx'))
    const { code, stdout } = await hiso(home, 'inspect', 'decoder', '--json')
    expect(code).toBe(0)
    const { weights, sets, tokenizer } = JSON.parse(stdout) as DecoderDescription
    const free = weights.filter(({ obstacle }) => obstacle === undefined)
    expect(sets[0]!.dim).toBe(free.reduce((sum, { size }) => sum + size, 0))
    expect(tokenizer).toHaveProperty('problem', expect.stringContaining('tokenizer.json'))

    const other = new URL('../resources/models/opt-mail/tokenizer.json', import.meta.url)
    copyFileSync(fileURLToPath(other), join(home, 'decoder', 'tokenizer.json'))
    const { stdout: text } = await hiso(home, 'inspect', 'decoder')
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /! .*knows 13 tokens, and the tokenizer makes 4096/,
    )
  })
})

describe('hiso inspect of a shape', () => {
  it('plans the dimension and the bytes that a run then has', async () => {
    const { code, stdout } = await hiso(home, 'inspect', 'opt-tiny', '--json')
    expect(code).toBe(0)
    const { parameters, plans } = JSON.parse(stdout) as OptOutline
    const [full, lora, half, lowRank] = plans as [OptPlan, OptPlan, OptPlan, OptPlan]
    expect(full.dim).toBe(parameters)
    // q and v of two layers, each with matrices of 64 × 8 and 8 × 64.
    expect(lora.dim).toBe(2 * 2 * 2 * 64 * 8)
    expect(full.fedAvgBytes).toBe(8 * parameters)
    // The frozen weights of every worker in two bytes each.
    expect(lora.memoryBytes - half.memoryBytes).toBe(2 * lora.workers * parameters)
    expect(lowRank.dim).toBe(full.dim)
    for (const { form, dim, workers, memoryBytes, secondsPerRound } of plans) {
      // x, H and a probe; without H where it stays 1.
      const vectors = form === 'lowRank' ? 2 : 3
      expect(memoryBytes).toBeGreaterThan(workers * vectors * 4 * dim)
      expect(secondsPerRound).toBeGreaterThan(0)
    }

    const rounds = 3
    writeFileSync(
      join(home, 'tiny.json'),
      JSON.stringify({
        name: 'tiny',
        task: {
          ...{ kind: 'language', model: 'opt-tiny', trainables: { kind: 'full' } },
          ...{ dataset: 'spam-mail', template: 'spam', maxLength: 32 },
        },
        federation: { clients: 2, participants: 2, rounds, batchSize: 2 },
        method: { name: 'hiso', perturbations: 5 },
        evaluation: { every: rounds, samples: 4 },
        compute: { workers: 1 },
      }),
    )
    expect((await hiso(home, 'run', 'tiny.json', '--out', 'tiny')).code).toBe(0)
    const { model, totals } = JSON.parse(
      readFileSync(join(home, 'tiny', 'run.json'), 'utf8'),
    ) as RunRecord
    expect(model.dim).toBe(full.dim)
    expect(totals.uplinkBytes).toBe(rounds * 2 * full.uplinkBytes)
    // In the first round there is nothing to catch up with.
    const catchUp = totals.catchUpBytes / (2 * (rounds - 1))
    const opening = (totals.downlinkBytes - totals.catchUpBytes) / (2 * rounds)
    expect(opening + catchUp).toBe(full.downlinkBytes)
  })

  it('plans a decoder of full size without making it', async () => {
    const { stdout } = await hiso(home, 'inspect', 'opt-350m')
    expect(stdout).toMatch(/parameters +331,196,416\n/)
    expect(stdout).toMatch(/all of it +331,196,416 .* 2\.65 GB\n/)
    expect(stdout).toMatch(/all of it, low-rank +331,196,416/)
  })
})
