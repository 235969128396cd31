/** A large library is read once, and from then on only what has changed. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import {
  LibraryReader,
  listLibrary,
  notesFile,
  recallLibrary,
  runFiles,
  unpackRecalled,
  type ListedRun,
} from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run, type EngineHost } from '../index.ts'

let config: string
let record: string
beforeAll(async () => {
  const host = memoryEngineHost()
  await (await Run.start(host, quadraticConfig('federation.rounds=1'), 'r')).play()
  const text = async (name: string) => new TextDecoder().decode(await host.files.read(`r/${name}`))
  config = await text(runFiles.config)
  record = await text(runFiles.record)
})

const encoded = (text: string) => new TextEncoder().encode(text)

/** Copies of one run, under other seeds. */
function libraryOf(count: number) {
  const entries: Record<string, string> = {}
  for (let seed = 0; seed < count; seed++) {
    entries[`library/run${seed}/${runFiles.config}`] = config.replace(
      /^seed: .*$/m,
      `seed: ${seed}`,
    )
    entries[`library/run${seed}/${runFiles.record}`] = record
  }
  const memory = memoryEngineHost(entries)
  const read: string[] = []
  const index = new Map<string, Uint8Array>()
  const host: EngineHost = {
    ...memory,
    cache: {
      ...memory.cache,
      read: async (name) => index.get(name),
      write: async (name, bytes) => void index.set(name, bytes),
    },
    files: {
      ...memory.files,
      read: (path) => {
        read.push(path)
        return memory.files.read(path)
      },
    },
  }
  /** As another process would, and what it had to read for it. */
  const list = async () => {
    read.length = 0
    const found = await listLibrary(host, 'library')
    const had = [...read]
    const { runs, problems } = await listLibrary(
      { ...host, cache: memoryEngineHost().cache },
      'library',
    )
    expect(found).toEqual({ runs, problems })
    return { ...found, read: had }
  }
  return { host, files: memory.files, index, list }
}

test('what has not changed is not read again, and what has changed is', async () => {
  const { files, list } = libraryOf(120)
  expect((await list()).read).toHaveLength(240)
  expect((await list()).read).toEqual([])

  await files.write(
    `library/run7/${runFiles.config}`,
    encoded(config.replace(/^name: .*$/m, 'name: other')),
  )
  await files.write(
    `library/run8/${runFiles.record}`,
    encoded(record.replace('"finished"', '"stopped"')),
  )
  await files.write(`library/run9/${notesFile}`, encoded('{"title":"mine"}'))
  await files.write(`library/new/${runFiles.config}`, encoded(config))
  await files.write(`library/new/${runFiles.record}`, encoded(record))
  const { runs, read } = await list()
  const of = (name: string) => runs.find(({ folder }) => folder === `library/${name}`)!
  expect(of('run7').config.name).toBe('other')
  expect(of('run8').record.status).toBe('stopped')
  expect(of('run9').notes.title).toBe('mine')
  expect(runs).toHaveLength(121)
  expect(new Set(read.map((path) => path.split('/')[1]))).toEqual(
    new Set(['run7', 'run8', 'run9', 'new']),
  )
  await (await files.take('library/run3')).discard()
  expect((await list()).runs).toHaveLength(120)
  expect((await list()).read).toEqual([])
})

test('runs one level down are listed, and kept in the index', async () => {
  const { files, list } = libraryOf(100)
  const add = async (folder: string) => {
    await files.write(`library/${folder}/${runFiles.config}`, encoded(config))
    await files.write(`library/${folder}/${runFiles.record}`, encoded(record))
  }
  for (const folder of ['both/hiso', 'both/decomfl', 'a/b/too-deep', '.trash/old'])
    await add(folder)
  await files.write('library/both/notes.txt', encoded('mine'))
  const { runs, problems } = await list()
  const nested = runs.map(({ folder }) => folder).filter((folder) => !/run\d+$/.test(folder))
  expect(nested).toEqual(['library/both/decomfl', 'library/both/hiso'])
  expect(problems).toEqual([])
  expect((await list()).read).toEqual([])
  await (await files.take('library/both/hiso')).discard()
  expect((await list()).runs).toHaveLength(101)
})

test('a run that goes on is read again with every row of its metrics', async () => {
  const { files, list } = libraryOf(100)
  const running = record.replace('"finished"', '"running"')
  await files.write(`library/run5/${runFiles.record}`, encoded(running))
  await files.write(`library/run5/${runFiles.metrics}`, encoded(''))
  await list()
  expect((await list()).read).toEqual([])
  await files.write(`library/run5/${runFiles.metrics}`, encoded('\n'))
  expect((await list()).read).toContain(`library/run5/${runFiles.metrics}`)
})

test('a run with a problem is read every time', async () => {
  const { files, list } = libraryOf(110)
  await files.write('library/run5/notes.json', encoded('['))
  await files.write(`library/run6/${runFiles.record}`, encoded('{'))
  await list()
  const { problems, read } = await list()
  expect(problems.map(({ folder }) => folder)).toEqual(['library/run5', 'library/run6'])
  expect(read.length).toBeLessThan(8)
})

test.each([
  ['cut short', (bytes: Uint8Array) => bytes.slice(0, -100)],
  [
    'with a byte changed',
    (bytes: Uint8Array) => bytes.map((byte, at) => (at === 2000 ? byte ^ 1 : byte)),
  ],
  ['empty', () => new Uint8Array()],
  ['of another form', () => encoded(`${'0'.repeat(64)}[]`)],
])('an index that is %s is made anew', async (_, spoil) => {
  const { index, list } = libraryOf(100)
  await list()
  const [[name, bytes]] = [...index] as [[string, Uint8Array]]
  index.set(name, spoil(bytes))
  expect((await list()).read).toHaveLength(200)
  expect(index.get(name)).toEqual(bytes)
})

test('a small library has no index', async () => {
  const { index, list } = libraryOf(20)
  await list()
  expect(index.size).toBe(0)
})

/** What an asker comes to that takes what it is told and keeps the rest. */
function after(
  had: readonly ListedRun[],
  { runs, gone }: { readonly runs: readonly ListedRun[]; readonly gone?: readonly string[] },
): ListedRun[] {
  const all = new Map(gone === undefined ? [] : had.map((run) => [run.folder, run]))
  for (const folder of gone ?? []) all.delete(folder)
  for (const run of runs) all.set(run.folder, run)
  return [...all.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1))
}

test('what the index says at once is corrected by what has changed, and by no more', async () => {
  const { host, files, list } = libraryOf(110)
  expect(await recallLibrary(host, 'library')).toBeUndefined()
  const { runs: first } = await list()
  await files.write(`library/run8/${notesFile}`, encoded('{"title":"mine"}'))
  await files.write(`library/new/${runFiles.config}`, encoded(config))
  await files.write(`library/new/${runFiles.record}`, encoded(record))
  await (await files.take('library/run3')).discard()

  const recalled = (await recallLibrary(host, 'library'))!
  const shown = unpackRecalled(recalled)
  expect(shown).toEqual(first)
  const reader = new LibraryReader(host)
  const checked = await reader.read('library', recalled.revision)
  expect(checked.runs.map(({ folder }) => folder)).toEqual(['library/new', 'library/run8'])
  expect(checked.gone).toEqual(['library/run3'])
  const { runs } = await list()
  expect(after(shown, checked)).toEqual(runs)
})

test('whatever happens between two readings, and whichever reading an asker has, it comes to what is there', async () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('annotate'), at: fc.nat(9) }),
      fc.record({ kind: fc.constant('delete'), at: fc.nat(9) }),
      fc.record({ kind: fc.constant('begin'), at: fc.nat(9) }),
      fc.record({ kind: fc.constant('spoil'), at: fc.nat(9) }),
      fc.record({ kind: fc.constant('ask'), at: fc.nat(2) }),
      fc.record({ kind: fc.constant('replace the reader'), at: fc.constant(0) }),
    ),
    { maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(actions, async (steps) => {
      const { host, files } = libraryOf(6)
      let reader = new LibraryReader(host)
      const askers = Array.from({ length: 3 }, () => ({
        known: undefined as string | undefined,
        runs: [] as readonly ListedRun[],
      }))
      for (const [step, { kind, at }] of steps.entries()) {
        const of = (name: string) => `library/run${at}/${name}`
        if (kind === 'annotate') await files.write(of(notesFile), encoded(`{"title":"${step}"}`))
        else if (kind === 'spoil') await files.write(of(runFiles.record), encoded('{'))
        else if (kind === 'delete') await (await files.take(`library/run${at}`)).discard()
        else if (kind === 'replace the reader') reader = new LibraryReader(host)
        else if (kind === 'begin') {
          await files.write(of(runFiles.config), encoded(config))
          await files.write(of(runFiles.record), encoded(record))
        } else {
          const asker = askers[at]!
          const told = await reader.read('library', asker.known)
          asker.runs = after(asker.runs, told)
          asker.known = told.revision
          expect(asker.runs).toEqual((await listLibrary(host, 'library')).runs)
        }
      }
    }),
    { numRuns: 40 },
  )
})
