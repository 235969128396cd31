import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TextSettings } from '../../config/index.ts'
import { memoryHost } from '../../testing/memoryFiles.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import { candidatesOf, encodeRows, type EncodeOptions } from './encodeRows.ts'
import { openSequences } from './openSequences.ts'
import { padRows } from './sequences.ts'
import { openShared, shareSequences } from './sharedSequences.ts'
import { createTable } from './table.ts'
import { listTemplates, openTemplate, parseTemplate, type Template } from './template.ts'
import { createTokenizer, openTokenizer } from './tokenizer.ts'

const root = new URL('../../../resources/', import.meta.url)
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, root)))
const bundled = (folder: string) =>
  readdirSync(new URL(folder, root)).map((name) => [
    `resources/${folder}/${name}`,
    read(`${folder}/${name}`),
  ])
const host = memoryHost(
  Object.fromEntries([...bundled('templates'), ...bundled('datasets/spam-mail')]),
)
const tokenizer = createTokenizer(
  read('models/opt-mail/tokenizer.json'),
  undefined,
  'tokenizer.json',
)

const options: EncodeOptions = { columns: {}, maxLength: 64, truncation: 'field' }
const settings: TextSettings = {
  ...options,
  dataset: 'spam-mail',
  template: 'spam',
  maxNewTokens: 32,
  paddingSide: 'right',
  testShare: 0.2,
  tokenizer: undefined,
}

const sentiment = parseTemplate(
  `title: t
kind: classification
prompt: '{text} It was'
shorten: text
label: label
verbalizers: [{ word: ' bad', labels: [0] }, { word: ' good', labels: [1, positive] }]`,
  'own',
  'own.yaml',
) as Extract<Template, { kind: 'classification' }>

const encode = (text: string, label = '1', own: Partial<EncodeOptions> = {}) =>
  encodeRows(
    createTable(
      't',
      new Map([
        ['text', [text]],
        ['label', [label]],
      ]),
    ),
    sentiment,
    tokenizer,
    { ...options, ...own },
  )

describe('the shipped tokenizer', () => {
  it('gives every text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
  })

  it('begins texts as OPT does and stays within its vocabulary', () => {
    const ids = tokenizer.encode('Subject: FREE money 123!!!')
    expect(ids[0]).toBe(2)
    expect(tokenizer.vocabulary).toBe(4096)
    expect(tokenizer.decode(ids)).toBe('Subject: FREE money 123!!!')
    expect([tokenizer.padding, tokenizer.end]).toEqual([1, 2])
  })

  it('that is missing is asked for', async () => {
    await expect(openTokenizer('nowhere', host.files)).rejects.toThrow(
      /there is no tokenizer\.json/,
    )
  })
})

describe('templates', () => {
  it('that come with the program are all well formed', async () => {
    const names = await listTemplates(host.files)
    expect(names).toEqual(
      'boolq cb drop multirc qqp rte sentiment spam squad sst2 wic wsc xsum'.split(' '),
    )
    for (const name of names) expect((await openTemplate(name, host.files)).name).toBe(name)
  })

  it.each([
    ['prompt: no field', /no \{field\}/],
    ["shorten: body\nprompt: '{text}'", /shorten names \{body\}/],
    ["prompt: '{text}'\nlabel: 3", /label/],
  ])('of another form are refused: %s', (lines, message) => {
    const text = `title: t\nkind: classification\nlabel: label\nverbalizers: [{ word: a, labels: [0] }, { word: b, labels: [1] }]\n`
    const own = lines.includes('label:') ? text.replace('label: label\n', '') : text
    expect(() => parseTemplate(own + lines, 'own', 'own.yaml')).toThrow(message)
  })

  it('that are unknown get a suggestion', async () => {
    await expect(openTemplate('sst', host.files)).rejects.toThrow(/Did you mean sst2\?/)
  })
})

describe('rows of tokens', () => {
  it('are the prompt, and the verbalizer of their label', () => {
    const { rows, labels } = encode('A fine film.', 'positive')
    expect(tokenizer.decode([...rows[0]!.ids])).toBe('A fine film. It was')
    expect(rows[0]!.answerFrom).toBe(rows[0]!.ids.length)
    expect([...labels]).toEqual([1])
    expect(candidatesOf(sentiment, tokenizer).map((id) => tokenizer.decode([id]))).toEqual([
      ' bad',
      ' good',
    ])
  })

  it('that are too long lose the end of their longest field, and nothing else', () => {
    const { rows, shortened } = encode('word '.repeat(200))
    const text = tokenizer.decode([...rows[0]!.ids])
    expect(rows[0]!.ids.length).toBeLessThanOrEqual(64)
    expect(text).toMatch(/^(word )+It was$/)
    expect(shortened).toBe(1)
  })

  it('fit, whatever the text and wherever it is cut', () => {
    const side = fc.constantFrom('field' as const, 'left' as const, 'right' as const)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), side, (text, truncation) => {
        const { rows } = encode(text, '1', { truncation, maxLength: 24 })
        expect(rows[0]!.ids.length).toBeLessThanOrEqual(24)
      }),
    )
  })

  it('with an answer learn the answer only', () => {
    const table = createTable(
      't',
      new Map([
        ['document', ['Long story.']],
        ['summary', ['Short.']],
      ]),
    )
    return openTemplate('xsum', host.files).then((template) => {
      const { rows, references } = encodeRows(table, template, tokenizer, options)
      const { ids, answerFrom } = rows[0]!
      expect(tokenizer.decode([...ids.slice(answerFrom)])).toBe(' Short.\n')
      expect(references).toEqual([['Short.']])
    })
  })
})

describe('what does not fit is refused', () => {
  it('a verbalizer of several tokens, with its tokens', async () => {
    const template = await openTemplate('sst2', host.files)
    if (template.kind !== 'classification') throw new Error('expected classification')
    expect(() => candidatesOf(template, tokenizer)).toThrow(
      /verbalizer " terrible" is 3 tokens for this tokenizer \(Ġter · ri · ble\)/,
    )
  })

  it('a template that is no template, with what one has', () => {
    expect(() => parseTemplate('title: t\nkind: other\n', 'own', 'own.yaml')).toThrow(
      /own\.yaml: kind: must be classification or generation.*A template has a title, a kind and a prompt.*resources\/templates/,
    )
  })

  it('an unknown label, with its place', () => {
    expect(() => encode('x', 'meh')).toThrow(
      /t, example 1: column "label" holds "meh", and the template own has no word for this label/,
    )
    expect(() => encode('x', ' ')).toThrow(/example 1: column "label" is empty/)
  })

  it('texts that are too long, where asked to', () => {
    expect(() => encode('word '.repeat(200), '1', { truncation: 'refuse' })).toThrow(
      /tokens are more than the 64 /,
    )
  })
})

describe('a batch', () => {
  it.each(['left', 'right'] as const)('padded on the %s keeps every row whole', (side) => {
    const rows = [[5, 6, 7], [8]].map((ids) => ({ ids: Int32Array.from(ids), answerFrom: 1 }))
    const { ids, attention, starts, length } = padRows(rows, { token: 1, side })
    rows.forEach((row, index) => {
      const at = index * length + starts[index]!
      expect([...ids.slice(at, at + row.ids.length)].map(Number)).toEqual([...row.ids])
    })
    expect([...attention].reduce((sum, it) => sum + Number(it), 0)).toBe(4)
    expect([...ids].filter((_, at) => attention[at] === 0n)).toEqual([1n, 1n])
  })
})

describe('the bundled mails', () => {
  it('open as rows of tokens, half of each class', async () => {
    const { dataset } = await openSequences(settings, tokenizer, host)
    expect(dataset).toMatchObject({ title: 'Spam or not', classes: ['no', 'yes'] })
    expect([dataset.train.count, dataset.test.count]).toEqual([1708, 400])
    for (const { labels, count } of [dataset.train, dataset.test])
      expect(labels.reduce((sum, label) => sum + label, 0)).toBe(count / 2)
    expect(dataset.longest).toBeLessThanOrEqual(64)
    expect(dataset.notices[0]).toMatch(/of 2108 texts were longer than 64 tokens/)
  })
})

describe('a file of one’s own', () => {
  const own = memoryHost({
    ...Object.fromEntries(bundled('templates')),
    'mails.csv': `about,text,kind\n${'Hello,"Come, see",ham\nWin,Click here now,spam\n'.repeat(5)}`,
  })
  const columns = { subject: 'about', body: 'text', label: 'kind' }
  const ownSettings: TextSettings = { ...settings, dataset: 'mails.csv', columns }
  const open = async (changes: Partial<typeof ownSettings> = {}) =>
    (await openSequences({ ...ownSettings, ...changes }, tokenizer, own)).dataset

  it('is used by its own column names, with a share held out', async () => {
    const dataset = await open()
    expect([dataset.train.count, dataset.test.count]).toEqual([8, 2])
    expect(tokenizer.decode([...dataset.train.row(0).ids])).toBe(
      'Subject: Hello\nCome, see\nIs this mail spam? yes or no:',
    )
  })

  it('says which settings neither the template nor the files use', async () => {
    const said = await open({ columns: { ...columns, txet: 'content' }, maxNewTokens: 8 })
    expect(said.notices).toEqual([
      expect.stringContaining('task.maxNewTokens does nothing here'),
      'task.columns.txet does nothing here: the template spam has no field txet, only subject, body, label.',
    ])
    const tested = await openSequences({ ...settings, testShare: 0.5 }, tokenizer, host)
    expect(tested.dataset.notices).toContain(
      'task.testShare does nothing here: the dataset has a test set of its own.',
    )
  })

  it('has another fingerprint when anything that matters differs', async () => {
    const all = await Promise.all([
      open(),
      open({ testShare: 0.4 }),
      open({ columns: { ...columns, subject: 'text' } }),
      open({ maxLength: 12 }),
    ])
    expect(new Set(all.map((it) => it.fingerprint)).size).toBe(4)
    expect((await open()).fingerprint).toBe(all[0].fingerprint)
  })
})

it('rows that other threads are handed are the rows that were made, in the same memory', () => {
  const dataset = tokenRows({ rows: 9, length: 7, vocabulary: 50, candidates: [3, 4] })
  const shared = shareSequences(dataset)
  const handed = structuredClone(shared)
  handed.train.tokens[0] = handed.train.tokens[0]! + 1
  expect(shared.train.tokens[0]).toBe(handed.train.tokens[0])
  handed.train.tokens[0] = handed.train.tokens[0] - 1
  const opened = openShared(handed)
  for (const part of ['train', 'test'] as const) {
    const [own, other] = [dataset[part], opened[part]]
    expect(other.labels).toEqual(own.labels)
    expect(other.count).toBe(own.count)
    for (let row = 0; row < own.count; row++) expect(other.row(row)).toEqual(own.row(row))
  }
})
