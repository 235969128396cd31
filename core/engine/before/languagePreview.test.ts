/**
 * What the app shows of a language task before and after its run: texts, tokens, parts of the
 * model, a trial, a mailed file.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  Engine,
  openWorker,
  type EngineAnswer,
  type EngineArgument,
  type EngineHost,
  type EngineRequestName,
} from '../index.ts'
import { previewTexts } from '../../tasks/index.ts'
import { languageConfig, writeMails } from '../../testing/languageTask.ts'
import { createNodeHost } from '../../../platform/nodeHost.ts'

const host: EngineHost = {
  ...createNodeHost({
    resources: fileURLToPath(new URL('../../../resources', import.meta.url)),
    workerScript: '',
    version: 'test',
  }),
  // Workers in this thread.
  startWorker: (own) => openWorker(own, host),
}
let parent: string
let mails: string
const rows = 40
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hiso-preview-'))
  mails = join(parent, 'mails.jsonl')
  await writeMails(mails, rows, 'Win money now, click here. '.repeat(20))
})
afterAll(() => rm(parent, { recursive: true }))

const configOf = (...overrides: readonly string[]) =>
  languageConfig(mails, [
    'federation.rounds=2',
    'method.learningRate=1e-2',
    'evaluation={every: 2, samples: 4}',
    ...overrides,
  ])

function engine(): Engine {
  return new Engine(host, () => {})
}
function ask<Name extends EngineRequestName>(
  name: Name,
  argument: EngineArgument<Name>,
): Promise<EngineAnswer<Name>> {
  return engine().request(name, argument)
}

describe('the preview of texts', () => {
  it('shows the table, prompts as the model reads them, and lengths before shortening', async () => {
    const preview = await previewTexts(configOf(), host)
    expect(preview.problems).toEqual([])
    expect(preview.table).toMatchObject({ columns: ['subject', 'body', 'label'], rows })
    expect(preview.template).toMatchObject({
      kind: 'classification',
      fields: ['subject', 'body', 'label'],
    })
    expect(preview.lengths).toHaveLength(rows)
    const [long, short] = preview.examples
    expect(long).toMatchObject({ answer: ' yes', tokens: preview.lengths![0], kept: 32 })
    expect(long!.tokens).toBeGreaterThan(32)
    expect(long!.prompt).toContain('Is this mail spam? yes or no:')
    expect(short!.prompt).toContain('See you on day 1')
    expect(short).toMatchObject({ answer: ' no', kept: short!.tokens })
  })

  const problems: readonly (readonly [string, path: string, what: RegExp, ...string[]])[] = [
    ['a file that is not there', 'task.dataset', /neither a bundled set/, 'task.dataset=nowhere'],
    ['a template that is none', 'task.template', /neither a template/, 'task.template=spamm'],
    ['a column that is missing', 'task.columns', /no column "premise"/, 'task.template=rte'],
    ['a tokenizer that is missing', 'task.tokenizer', /tokenizer\.json/, 'task.tokenizer=/nowhere'],
    [
      'rows that may not be shortened',
      'task.maxLength',
      /tokens are more than/,
      'task.truncation=refuse',
    ],
  ]
  for (const [name, path, what, ...overrides] of problems)
    it(`tells of ${name} at its field`, async () => {
      const { problems: found } = await previewTexts(configOf(...overrides), host)
      expect(found).toEqual([expect.objectContaining({ path, what: expect.stringMatching(what) })])
    })

  it('tells of a verbalizer of several tokens at the template, and still shows table and wording', async () => {
    const text = `title: Own
kind: classification
prompt: "{subject}"
label: label
verbalizers:
  - { word: ' certainly unsolicited', labels: [spam] }
  - { word: ' no', labels: [ham] }
`
    const preview = await previewTexts(configOf(), host, text)
    expect(preview.problems).toEqual([
      expect.objectContaining({
        path: 'task.template',
        what: expect.stringMatching(/certainly unsolicited" is \d tokens/),
      }),
    ])
    expect(preview.template).toMatchObject({ title: 'Own', text })
    expect(preview.table).toBeDefined()
    expect(preview.lengths).toBeUndefined()
  })

  it('shows answers that are texts', async () => {
    const text = `title: Own
kind: generation
prompt: "{subject} is"
answer: " {label}"
references: [label]
metrics: [f1]
`
    const { examples, problems: found } = await previewTexts(configOf(), host, text)
    expect(found).toEqual([])
    expect(examples[0]).toMatchObject({ prompt: 'Letter 0 is', answer: ' spam' })
  })
})

describe('the preview of a decoder', () => {
  it('tells its parts by role, and which of them LoRA can stand beside', async () => {
    const { decoder, trainables } = await ask('previewModel', { config: configOf() })
    expect(decoder).toMatchObject({ vocabulary: 4096, positions: expect.any(Number) })
    const linear = decoder!.parts.filter(({ isLinear }) => isLinear).map(({ role }) => role)
    expect(new Set(linear)).toEqual(new Set(['q', 'k', 'v', 'o', 'mlp', 'head']))
    expect(new Set(trainables.map(({ role }) => role))).toEqual(new Set(['q', 'v']))
    const full = await ask('previewModel', { config: configOf('task.trainables={kind: full}') })
    const sum = full.decoder!.parts.reduce((total, { size }) => total + size, 0)
    expect(sum).toBe(full.dim)
  })

  it('what comes with the program can be opened', async () => {
    const { models, texts, templates } = await ask('listBundledLanguage', undefined)
    expect(models[0]).toEqual({ name: 'opt-mail', isTrained: true })
    expect(texts.map(({ name }) => name)).toContain('spam-mail')
    for (const { template } of texts) expect(templates.map(({ name }) => name)).toContain(template)
  })
})

describe('an ended run', () => {
  let folder: string
  let file: string
  beforeAll(async () => {
    const events = await new Promise<string>((resolve, reject) => {
      const playing = new Engine(host, (told) => {
        if ('folder' in told && told.event.type === 'ended') resolve(told.folder)
      })
      playing.request('startRun', { config: configOf(), library: parent }).catch(reject)
    })
    folder = events
    file = join(parent, 'mailed.hiso')
    await writeFile(file, await ask('exportRun', { folder, format: 'model' }))
  })

  it('says what can be asked, with rows to begin with, the shortest first', async () => {
    const form = await ask('describeTrial', { folder })
    expect(form).toMatchObject({ fields: ['subject', 'body'], mainField: 'body' })
    expect(form.examples[0]).toEqual({
      fields: { subject: 'Letter 1', body: 'See you on day 1' },
      answer: 'no',
    })
    expect(form.examples.at(-1)!.answer).toBe('yes')
  })

  it('answers before and after', async () => {
    const { choices } = await ask('tryModel', { of: { folder }, fields: { body: 'Win' } })
    expect(choices!.map(({ word }) => word)).toEqual(['no', 'yes'])
    expect(choices!.some(({ before, after }) => before !== after)).toBe(true)
  })

  it('is described as a file, and rebuilt from it', async () => {
    const report = await ask('describeRunFile', { path: file })
    expect(report).toMatchObject({ rounds: 2, isWholeRun: false, config: { name: 'language' } })
    const rebuilt = await ask('rebuildModel', { path: file, form: 'onnx' })
    expect(rebuilt).toMatchObject({ stateHash: report.record.stateHash, isVerified: true })
    expect(rebuilt.files.map(({ name }) => name)).toEqual(['model.onnx'])
    const whole = join(parent, 'whole.hiso')
    await writeFile(whole, await ask('exportRun', { folder, format: 'hiso' }))
    expect(await ask('describeRunFile', { path: whole })).toMatchObject({ isWholeRun: true })
  })

  it('answers from its file as from its run', async () => {
    expect(await ask('describeTrial', { path: file })).toEqual(
      await ask('describeTrial', { folder }),
    )
    const fields = { subject: 'An offer', body: 'Win' }
    expect(await ask('tryModel', { of: { path: file }, fields })).toEqual(
      await ask('tryModel', { of: { folder }, fields }),
    )
  })

  it('is refused on another base model, by fingerprint', async () => {
    const mailed = { path: file, base: 'opt-mail' }
    const refused = /its fingerprint is [0-9a-f]{12}…/
    await expect(ask('rebuildModel', { ...mailed, form: 'onnx' })).rejects.toThrow(refused)
    await expect(ask('tryModel', { of: mailed, fields: {} })).rejects.toThrow(refused)
  })
})
