import { expect, test } from 'vitest'
import { listLibrary, runFiles, writeNotes, type LibraryMemory } from '../../runs/index.ts'
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
    const runs = await listLibrary(host, 'library', memory)
    expect(runs).toEqual(await listLibrary(host, 'library'))
    return runs
  }
  const [a, b] = await read()
  await writeNotes(files, b!.folder, { tags: ['new'], text: '' })
  const config = files.join(a!.folder, runFiles.config)
  const text = new TextDecoder().decode(await files.read(config))
  await files.write(config, new TextEncoder().encode(text.replace('seed: 1', 'seed: 9')))
  const [again, sameAgain] = await read()
  expect(again!.config.seed).toBe(9)
  expect(sameAgain!.config).toBe(b!.config)
  expect(sameAgain!.notes.tags).toEqual(['new'])
  await files.write(config, new TextEncoder().encode('nonsense: ['))
  expect((await read()).map(({ folder }) => folder)).toEqual([b!.folder])
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
  const [listed] = await listLibrary(host, 'library')
  expect(listed!.record).toEqual({ ...record, status: 'running' })
})
