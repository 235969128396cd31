/** What a lesson may be, what is said of one that is none, and the schema in docs/. */
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { fromBase64url } from '../base/index.ts'
import { fieldFacts, jsonSchemaOf } from '../config/index.ts'
import { evaluate, readExpression } from './expression.ts'
import { checkLesson, parseLesson, runsOfPage } from './lesson.ts'
import { lessonSchema } from './lessonSchema.ts'
import { formatLesson, withoutPlayed } from './portable.ts'

const presets = (name: string) =>
  name === 'quick'
    ? 'name: quick\ntask: { kind: quadratic, dim: 2 }\nmethod: { name: hiso }\nfederation: { rounds: 5 }\n'
    : undefined

const good = {
  format: 1,
  title: 'A lesson',
  summary: 'What it is about.',
  minutes: 3,
  runs: { hiso: { preset: 'quick' }, other: { of: 'hiso', set: { method: { name: 'decomfl' } } } },
  pages: [{ title: 'One', text: 'Words.', show: { view: 'watch', runs: ['hiso'] } }],
}

function issuesOf(changes: object): string[] {
  const result = checkLesson({ ...good, ...changes }, presets)
  return 'issues' in result ? result.issues.map(({ path, message }) => `${path} ${message}`) : []
}
const page = (changes: object) => ({ pages: [{ ...good.pages[0], ...changes }] })
const question = (changes: object) =>
  page({ question: { ask: 'Which?', because: 'So.', ...changes } })

it('makes the configs of its runs: of a preset, and of another run with changes', () => {
  const { configs } = parseLesson(JSON.stringify(good), 'good', presets)
  expect(configs.get('hiso')?.method.name).toBe('hiso')
  expect(configs.get('other')?.method.name).toBe('decomfl')
  expect(configs.get('other')?.federation.rounds).toBe(5)
})

describe('refuses, with path and advice,', () => {
  it.each([
    [
      'a chart that is none',
      page({ show: { view: 'watch', runs: ['hiso'], charts: ['effectivRank'] } }),
      /^page 1: show\.charts\.0 must be .*effectiveRank.*did you mean effectiveRank\?$/,
    ],
    [
      'a question without an answer',
      question({ kind: 'choice', options: ['a', 'b'] }),
      'page 1: question.answer is missing: it must be a number',
    ],
    [
      'an answer that is no option',
      question({ kind: 'choice', options: ['a', 'b'], answer: 3 }),
      'page 1: question.answer must be one of the 2 options (got 3)',
    ],
    [
      'an answer off its slider',
      question({ kind: 'number', from: 0, to: 5, answer: 7 }),
      'page 1: question.answer must lie on the slider, from 0 to 5 (got 7)',
    ],
    [
      'a measure that is none',
      question({ kind: 'number', from: 0, to: 5, answer: 'totalByte hiso' }),
      'page 1: question.answer names totalByte, which is no measure; did you mean totalBytes?',
    ],
    [
      'a curve of a run that is not there',
      question({ kind: 'curve', from: 0, to: 5, answer: { curve: 'testLoss', run: 'hisso' } }),
      'page 1: question.answer.run names the run hisso, which the lesson does not have; did you mean hiso?',
    ],
    [
      'a logarithmic axis from zero',
      question({
        kind: 'curve',
        from: 0,
        to: 1,
        scale: 'log',
        answer: { curve: 'testLoss', run: 'hiso' },
      }),
      'page 1: question.from must be more than 0 on a log scale (got 0)',
    ],
    [
      'a config that does not validate',
      { runs: { hiso: { preset: 'quick', set: { federation: { rounds: 0 } } } } },
      'runs.hiso: federation.rounds must be at least 1 (got 0)',
    ],
    [
      'a preset that is not there',
      { runs: { hiso: { preset: 'slow' } } },
      'runs.hiso.preset is not a preset (got "slow"); hiso presets lists them',
    ],
    [
      'runs that go round in a circle',
      { runs: { hiso: { of: 'other' }, other: { of: 'hiso' } } },
      /^runs\.\w+\.of goes round in a circle/,
    ],
    [
      'a picture that is missing',
      page({ text: 'See ![a server](server.png).' }),
      'page 1: text shows the picture server.png, which the lesson does not have: put it under pictures',
    ],
    [
      'a picture that is a file',
      { pictures: { server: 'server.png' } },
      /^pictures\.server must be a picture as data: .*names no others$/,
    ],
    [
      'a value of a run in a text that is none',
      page({ text: 'It took {{rounds}}.' }),
      /^page 1: text must be a measure and a run, such as "totalBytes hiso"/,
    ],
    [
      'a view without a run',
      page({ show: { view: 'walk' } }),
      'page 1: show.runs is missing: walk shows a run',
    ],
    [
      'a misspelled key',
      page({ tex: 'x' }),
      /^page 1: tex is not a known key; did you mean text\?$/,
    ],
    ['no pages', { pages: [] }, /^pages must be at least 1 long/],
    [
      'a newer format',
      { format: 2 },
      'format is 2: a newer HiSo Studio wrote this lesson, and this one reads up to 1. Update HiSo Studio',
    ],
  ])('%s', (_what, changes, said) => {
    const issues = issuesOf(changes)
    expect(issues[0]).toMatch(said)
  })

  it('text that is no YAML, with line and column', () => {
    expect(() => parseLesson('pages: [', 'broken.yaml', presets)).toThrow(/broken\.yaml.*line 1/)
  })
})

it('computes what runs gave, and one over another', () => {
  const columns = { cumulativeUplinkBytes: [10, 30], cumulativeDownlinkBytes: [5, 20] }
  const run = {
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]),
    ) as never,
    dim: 7,
  }
  const valueOf = (text: string) => {
    const read = readExpression(text, ['a', 'b'])
    if (typeof read === 'string') throw new Error(read)
    return evaluate(read, (name) => (name === 'a' ? run : undefined))
  }
  expect(valueOf('totalBytes a')).toEqual({ value: 50, quantity: 'bytes' })
  expect(valueOf('dim a / totalBytes a')).toEqual({ value: 7 / 50, quantity: 'ratio' })
  expect(valueOf('dim a / dim b')).toBeUndefined()
})

it('becomes a file that needs no preset and no other run', () => {
  const lesson = parseLesson(JSON.stringify(good), 'good', presets)
  const again = parseLesson(formatLesson(lesson), 'portable', () => undefined)
  expect(again.configs).toEqual(lesson.configs)
  expect(again.pages).toEqual(lesson.pages)
})

it('brings along runs that are larger than any config', () => {
  const lesson = parseLesson(JSON.stringify(good), 'good', presets)
  const large = new Map([['hiso', new Uint8Array(2 ** 20)]])
  const again = parseLesson(formatLesson(lesson, large), 'with runs', () => undefined)
  expect(fromBase64url(again.played['hiso']!)).toHaveLength(2 ** 20)
  const tooLarge = new Map([['hiso', new Uint8Array(2 ** 24)]])
  expect(() => formatLesson(lesson, tooLarge)).toThrow(/too large for one file/)
})

it('brings runs along, is read again with them, and can do without', () => {
  const lesson = parseLesson(JSON.stringify(good), 'good', presets)
  const alone = formatLesson(lesson)
  const bytes = Uint8Array.from({ length: 500 }, (_, at) => at)
  const text = formatLesson(lesson, new Map([['hiso', bytes]]))
  const again = parseLesson(text, 'with runs', () => undefined)
  expect(Object.keys(again.played)).toEqual(['hiso'])
  expect(fromBase64url(again.played['hiso']!)).toEqual(bytes)
  expect(withoutPlayed(text)).toBe(alone)
  expect(withoutPlayed(alone)).toBe(alone)
  expect(formatLesson(again)).toBe(alone)
  expect(() =>
    parseLesson(text.replace(/^ {2}hiso: "/m, '  hisso: "'), 'bad', () => undefined),
  ).toThrow(/played\.hisso names the run hisso.*did you mean hiso\?/)
})

it('knows the runs that a page needs before it can be shown', () => {
  const { pages } = parseLesson(
    JSON.stringify({
      ...good,
      ...question({ kind: 'number', from: 1, to: 9, answer: 'rounds other' }),
    }),
    'good',
    presets,
  )
  expect(runsOfPage(pages[0]!, good as never)).toEqual(['hiso', 'other'])
})

it('is published as docs/lesson.schema.json (write it anew with `npm test -- core/lessons -u`)', async () => {
  const schema = jsonSchemaOf(lessonSchema, 'A lesson of HiSo Studio')
  const json = await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 })
  await expect(json).toMatchFileSnapshot('../../docs/lesson.schema.json')
})

it('explains every key', () => {
  const silent = silentKeys(lessonSchema, '')
  expect(silent).toEqual([])
})

function silentKeys(schema: z.ZodObject, path: string): string[] {
  return Object.entries(schema.shape).flatMap(([key, inner]) =>
    fieldFacts(inner as z.ZodType) === undefined ? [`${path}${key}`] : [],
  )
}
