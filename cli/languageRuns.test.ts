/** A fine-tuned language model through the program: written, mailed, rebuilt elsewhere, asked. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

let home: string
let elsewhere: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-language-cli-'))
  elsewhere = join(home, 'elsewhere')
  mkdirSync(elsewhere)
  const mails = Array.from({ length: 24 }, (_, i) => ({
    subject: `Letter ${i}`,
    body: i % 2 === 0 ? 'Win money now, click here' : `See you on day ${i}`,
    label: i % 2 === 0 ? 'spam' : 'ham',
  }))
  writeFileSync(join(home, 'mails.jsonl'), mails.map((it) => JSON.stringify(it)).join('\n'))
  const config = {
    name: 'mails',
    task: {
      kind: 'language',
      model: 'opt-tiny',
      dataset: 'mails.jsonl',
      template: 'spam',
      maxLength: 32,
      trainables: { kind: 'lora', rank: 2 },
    },
    federation: { clients: 4, participants: 2, localSteps: 2, rounds: 4, batchSize: 4 },
    method: {
      name: 'hiso',
      learningRate: 1e-2,
      learningRateSchedule: { kind: 'cosine' },
      perturbations: 3,
    },
    evaluation: { every: 4, samples: 4 },
    compute: { workers: 1 },
  }
  writeFileSync(join(home, 'mails.json'), JSON.stringify(config))
  const run = await hiso(home, 'run', 'mails.json', '--out', 'mails')
  expect(run).toMatchObject({ code: 0, stderr: '' })
  const pack = await hiso(home, 'pack', 'mails', join(elsewhere, 'mailed.hiso'))
  expect(pack).toMatchObject({ code: 0, stderr: '' })
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Of Debian, macOS and GitHub's machines; what is called python3 elsewhere may be anything. */
const hasPython = spawnSync('python3', ['--version']).status === 0
const script = fileURLToPath(new URL('../scripts/check/rebuild.py', import.meta.url))

const recordedHash = () =>
  (JSON.parse(readFileSync(join(home, 'mails', 'run.json'), 'utf8')) as { stateHash: string })
    .stateHash

describe('a fine-tuned language model', () => {
  it('is mailed as less than 100 kB and rebuilt elsewhere, bit for bit, to the file that export writes', async () => {
    expect(statSync(join(elsewhere, 'mailed.hiso')).size).toBeLessThan(100_000)
    const args = ['unpack', 'mailed.hiso', '--base', 'opt-tiny', '--out', 'rebuilt.onnx']
    const { code, stdout } = await hiso(elsewhere, ...args, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ stateHash: recordedHash(), verified: true })
    const exported = await hiso(home, 'export', 'mails', '--format', 'onnx')
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    const rebuilt = readFileSync(join(elsewhere, 'rebuilt.onnx'))
    expect(rebuilt.equals(readFileSync(join(home, 'mails.onnx')))).toBe(true)
    // What it was asked, and what its answers mean, go along.
    expect(rebuilt.includes('hiso.prompt')).toBe(true)
    expect(rebuilt.includes('{"word":" yes","labels":["spam","1"],"token":')).toBe(true)
  })

  it('is written as an adapter for PEFT', async () => {
    const args = ['unpack', 'mailed.hiso', '--as', 'peft', '--out', 'adapter']
    expect((await hiso(elsewhere, ...args)).code).toBe(0)
    const config = readFileSync(join(elsewhere, 'adapter', 'adapter_config.json'), 'utf8')
    expect(JSON.parse(config)).toMatchObject({ peft_type: 'LORA', r: 2 })
    const file = readFileSync(join(elsewhere, 'adapter', 'adapter_model.safetensors'))
    const headerBytes = Number(file.readBigUInt64LE())
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerBytes)) as object
    expect(header).toMatchObject({
      __metadata__: { 'hiso.prompt': expect.stringMatching(/spam/) as string },
    })
    const page = readFileSync(join(elsewhere, 'adapter', 'README.md'), 'utf8')
    expect(page).toMatch(/\{subject\}[\s\S]*\| `" yes"` \| \d+ \| spam, 1 \|/)
    // 2 layers, q and v, A and B.
    expect(Object.keys(header).filter((it) => it !== '__metadata__')).toHaveLength(8)
  })

  it.runIf(hasPython)('is rebuilt by a program of another language, from the formats alone', () => {
    // -S: no numpy, whether there is one or not.
    const rebuild = (...args: readonly string[]) =>
      spawnSync('python3', ['-S', script, join(elsewhere, 'mailed.hiso'), ...args], {
        encoding: 'utf8',
      })
    const rebuilt = rebuild()
    expect(rebuilt).toMatchObject({ status: 0, stderr: '' })
    expect(rebuilt.stdout).toContain(`state ${recordedHash()}, recorded`)
    const nothing = join(elsewhere, 'zeros.f32')
    writeFileSync(nothing, new Uint8Array(4 * 1024))
    expect(rebuild('--initial', nothing)).toMatchObject({ status: 1, stderr: '' })
  })

  it('is refused on another base model, by fingerprint', async () => {
    const args = ['unpack', 'mailed.hiso', '--base', 'opt-mail']
    const { code, stderr } = await hiso(elsewhere, ...args)
    expect(code).toBe(4)
    expect(stderr).toMatch(
      /^error RUN_CHANGED: opt-mail: this is not the model that the run began with/,
    )
  })

  it('answers a text of one’s own, before and after', async () => {
    const args = ['try', 'mails', '--text', 'Win a prize', '--field', 'subject=Hello', '--json']
    const { code, stdout } = await hiso(home, ...args)
    expect(code).toBe(0)
    const { prompt, choices } = JSON.parse(stdout) as {
      prompt: string
      choices: { before: number; after: number }[]
    }
    expect(prompt).toContain('Win a prize')
    expect(choices).toHaveLength(2)
    for (const side of ['before', 'after'] as const)
      expect(choices.reduce((sum, it) => sum + it[side], 0)).toBeCloseTo(1)
    expect(choices.some((it) => it.before !== it.after)).toBe(true)
  })
})
