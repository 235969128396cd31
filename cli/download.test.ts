/** `hiso download` against a hub on this machine, and a run on what it has fetched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Downloaded } from '../core/engine/index.ts'
import { startHubServer, type HubServer } from '../core/testing/hubServer.ts'
import { hiso } from './testing/hisoProcess.ts'

const bundled = (name: string) =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../resources/models/opt-mail/${name}`, import.meta.url))),
  )
const table = (from: number, rows: number) =>
  new TextEncoder().encode(
    `subject,body,label\n${Array.from({ length: rows }, (_, i) => ((from + i) % 2 === 0 ? `Hi ${i},Win money now,spam` : `Day ${i},See you there,ham`)).join('\n')}\n`,
  )

let home: string
let server: HubServer

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-download-'))
  server = await startHubServer([
    {
      kind: 'model',
      id: 'someone/opt-mail',
      files: {
        'onnx/model.onnx': bundled('model.onnx'),
        'tokenizer.json': bundled('tokenizer.json'),
        'config.json': bundled('config.json'),
      },
      stored: ['onnx/model.onnx'],
    },
    { kind: 'model', id: 'someone/torch', files: { 'model.safetensors': new Uint8Array(9) } },
    {
      kind: 'dataset',
      id: 'someone/mails',
      files: {
        'data/train-00000-of-00002.csv': table(0, 11),
        'data/train-00001-of-00002.csv': table(1, 9),
        'data/validation-00000-of-00001.csv': table(0, 6),
      },
    },
  ])
  // The program is started with this process's environment.
  Object.assign(process.env, { HF_ENDPOINT: server.endpoint, HF_HOME: home })
})

afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

const configWith = (model: string, dataset: string) => {
  const config = {
    name: 'downloaded',
    task: { kind: 'language', model, dataset, template: 'spam', maxLength: 32 },
    federation: { clients: 4, participants: 2, rounds: 2, batchSize: 2 },
    method: { name: 'hiso', learningRate: 1e-3 },
    evaluation: { every: 2 },
    compute: { workers: 1 },
  }
  const name = `${model.replace(/\W/g, '-')}.json`
  writeFileSync(join(home, name), JSON.stringify(config))
  return name
}
const hashOf = (run: string) => {
  const record = readFileSync(join(home, run, 'run.json'), 'utf8')
  return (JSON.parse(record) as { stateHash: string }).stateHash
}

it('what was downloaded is trained like the same model on disk, without the network', async () => {
  const early = await hiso(home, 'run', configWith('hf:someone/opt-mail', 'hf:someone/mails/data'))
  expect(early.code).toBe(8)
  expect(early.stderr).toMatch(/^error HUB_NOT_DOWNLOADED: .*hiso download (model|dataset) someone/)

  const model = await hiso(home, 'download', 'model', 'someone/opt-mail')
  expect(model).toMatchObject({ code: 0, stderr: '' })
  expect(model.stdout).toMatch(/✓ 3 files, .* in .*hf:someone\/opt-mail/s)
  const dataset = await hiso(home, 'download', 'dataset', 'someone/mails', '--json')
  expect(dataset).toMatchObject({ code: 0, stderr: '' })
  const found = JSON.parse(dataset.stdout.trimEnd().split('\n').at(-1)!) as Downloaded
  expect(found).toMatchObject({ type: 'downloaded', reference: 'hf:someone/mails/data' })

  const asked = server.requests.length
  const files = ['hf:someone/opt-mail', 'opt-mail'].map((it) => configWith(it, found.reference))
  for (const [index, file] of files.entries()) {
    const run = await hiso(home, 'run', file, '--out', `run${index}`)
    expect(run).toMatchObject({ code: 0, stderr: '' })
  }
  expect(hashOf('run0')).toBe(hashOf('run1'))
  expect(server.requests).toHaveLength(asked)
})

it('a model without an ONNX file is refused with the ways to get one', async () => {
  const { code, stderr } = await hiso(home, 'download', 'model', 'someone/torch')
  expect(code).toBe(3)
  expect(stderr).toMatch(
    /^error MODEL_UNSUPPORTED: .*no ONNX file \(its weights are in model\.safetensors\).*optimum-cli export onnx --model someone\/torch/,
  )
})
