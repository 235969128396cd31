/** A large library is read once, and from then on only what has changed. */
import { beforeAll, expect, test } from 'vitest'
import { listLibrary, notesFile, runFiles } from '../../runs/index.ts'
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
  return { files: memory.files, index, list }
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
