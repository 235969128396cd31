import { expect, test } from 'vitest'
import {
  listLibrary,
  newRunFolder,
  runFiles,
  writeNotes,
  type LibraryMemory,
  type RunRecord,
} from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../index.ts'

test('a library that is read again parses only what has changed, and tells the same as one that is read anew', async () => {
  const host = memoryEngineHost()
  const { files } = host
  const play = async (name: string, seed: number) =>
    (await Run.start(host, { ...quadraticConfig('federation.rounds=2'), seed }, name)).play()
  await play(files.join('library', 'a'), 1)
  await play(files.join('library', 'b'), 2)
  const memory: LibraryMemory = new Map()
  const read = async () => {
    const library = await listLibrary(host, 'library', memory)
    expect(library).toEqual(await listLibrary(host, 'library'))
    return library.runs
  }
  const [a, b] = await read()
  await writeNotes(files, b!.folder, { tags: ['new'], text: '' })
  const config = files.join(a!.folder, runFiles.config)
  const text = new TextDecoder().decode(await files.read(config))
  await files.write(config, new TextEncoder().encode(text.replace('seed: 1', 'seed: 9')))
  const [again, sameAgain] = await read()
  expect(again!.config.seed).toBe(9)
  expect(sameAgain!.notes.tags).toEqual(['new'])
  await files.write(config, new TextEncoder().encode('nonsense: ['))
  expect((await read()).map(({ folder }) => folder)).toEqual([b!.folder])
  expect((await listLibrary(host, 'library')).problems).toEqual([
    { folder: a!.folder, problem: expect.stringContaining('config.yaml') as string },
  ])
})

test('a run that was cut off is listed with the rounds that it has played', async () => {
  const host = memoryEngineHost()
  const { files } = host
  const folder = files.join('library', 'a')
  const record = await (
    await Run.start(host, quadraticConfig('federation.rounds=3'), folder)
  ).play()
  const asBegun = {
    ...record,
    status: 'running',
    rounds: 0,
    latest: {},
    totals: { ...record.totals, uplinkBytes: 0 },
  }
  await files.write(
    files.join(folder, runFiles.record),
    new TextEncoder().encode(JSON.stringify(asBegun)),
  )
  const [listed] = (await listLibrary(host, 'library')).runs
  expect(listed!.record).toEqual({ ...record, status: 'running' })
})

test.each([
  ['{"title":{"a":1},"tags":5}', 'title'],
  ['{"tags":[1,2]}', 'tags'],
  ['[]', 'the whole file'],
  ['null', 'the whole file'],
  ['{"__proto__":{"title":5},"tags":"x"}', 'tags'],
  ['{"text":', 'not valid JSON'],
  ['{"title":"a","title":"b","tags":[],"text":""}', 'the key "title" stands twice'],
  [`{"text":"${'x'.repeat(2 ** 20)}"}`, 'too large'],
])('a run with the notes %s is listed without them, and the library says so', async (text, why) => {
  const host = memoryEngineHost()
  const folder = host.files.join('library', 'a')
  await (await Run.start(host, quadraticConfig('federation.rounds=1'), folder)).play()
  await host.files.write(host.files.join(folder, 'notes.json'), new TextEncoder().encode(text))
  const { runs, problems } = await listLibrary(host, 'library')
  expect(runs.map(({ notes }) => notes)).toEqual([{ tags: [], text: '' }])
  expect(problems).toEqual([{ folder, problem: expect.stringContaining(why) as string }])
})

test.each([
  [
    'a dimension of billions',
    (record: RunRecord) => ({ ...record, model: { ...record.model, dim: 2 ** 31 } }),
  ],
  ['rounds below zero', (record: RunRecord) => ({ ...record, rounds: -1 })],
  ['a date that is none', (record: RunRecord) => ({ ...record, created: '\x1b[2J' })],
  [
    'totals that are texts',
    (record: RunRecord) => ({ ...record, totals: { uplinkBytes: 'many' } }),
  ],
  ['no object', () => null],
])('a run whose record has %s is one row with its reason', async (_, damage) => {
  const host = memoryEngineHost()
  const { files } = host
  for (const name of ['good', 'bad'])
    await (
      await Run.start(host, quadraticConfig('federation.rounds=1'), files.join('library', name))
    ).play()
  const at = files.join('library', 'bad', runFiles.record)
  const record = JSON.parse(new TextDecoder().decode(await files.read(at))) as RunRecord
  await files.write(at, new TextEncoder().encode(JSON.stringify(damage(record))))
  const { runs, problems } = await listLibrary(host, 'library')
  expect(runs.map(({ folder }) => folder)).toEqual(['library/good'])
  expect(problems.map(({ folder }) => folder)).toEqual(['library/bad'])
})

test('a folder says what makes its run differ from the one that has its name', async () => {
  const host = memoryEngineHost()
  const config = quadraticConfig('federation.rounds=1')
  const start = async (own: typeof config) => {
    const folder = await newRunFolder(host.files, 'library', own)
    await (await Run.start(host, own, folder)).play()
    return folder.split('/').at(-1)
  }
  const first = await start(config)
  const faster = { ...config, method: { ...config.method, learningRate: 0.125 } }
  expect(await start(faster)).toBe(`${first}-eta0.125`)
  expect(await start(config)).toBe(`${first}-2`)
})
