import { describe, expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import { Run } from '../engine/index.ts'
import { memoryEngineHost } from '../testing/engineHost.ts'
import { quadraticConfig } from '../testing/federation.ts'
import { packRun, readPackedModel, readRun, unpackRun, writeNotes } from './index.ts'
import { entriesOf, packFiles } from './runFile.ts'

const host = memoryEngineHost()
const packed = (async () => {
  await (await Run.start(host, quadraticConfig('federation.rounds=5'), 'a')).play()
  await writeNotes(host.files, 'a', { tags: ['seminar'], text: 'the one with the dip' })
  return packRun(host, 'a', { what: 'run' })
})()

describe('a run file', () => {
  test('gives back the run, its log and what people said of it', async () => {
    const folder = await unpackRun(host, await packed, 'library', 'a.hiso')
    const [there, here] = await Promise.all([readRun(host, folder), readRun(host, 'a')])
    expect({ ...there, path: here.path }).toEqual(here)
    for (const name of ['scalars.log', 'replies.log', 'metrics.csv', 'notes.json'])
      expect(await host.files.read(`${folder}/${name}`)).toEqual(await host.files.read(`a/${name}`))
  })

  test('opened twice makes two runs', async () => {
    const first = await unpackRun(host, await packed, 'twice', 'a.hiso')
    expect(await unpackRun(host, await packed, 'twice', 'a.hiso')).not.toBe(first)
  })

  test('cut anywhere or with a flipped bit it is refused, and nothing is left behind', async () => {
    const bytes = await packed
    for (let at = 0; at < bytes.length; at += 97) {
      const flipped = bytes.slice()
      flipped[at]! ^= 4
      for (const bad of [bytes.slice(0, at), flipped])
        await expect(unpackRun(host, bad, 'empty', 'bad.hiso')).rejects.toMatchObject({
          code: expect.stringMatching(/RUN_CORRUPT|RUN_NEWER/) as string,
          where: 'bad.hiso',
        })
    }
    expect(await host.files.kind('empty')).toBeUndefined()
  })

  test.each([
    ['metrics.csv', 'nonsense'],
    ['scalars.log', 'no log'],
    ['config.yaml', 'name: [*nobody]'],
    ['run.json', '{"format":1,"model":{"dim":2147483648}}'],
    ['run.json', undefined],
  ])('whose %s is %s is refused, and nothing is left behind', async (name, text) => {
    const bytes = text === undefined ? undefined : new TextEncoder().encode(text)
    const bad = packFiles(
      Array.from(entriesOf(await packed, 'a.hiso')).flatMap(([own, content]) => {
        if (own !== name) return [[own, content] as const]
        return bytes === undefined ? [] : [[own, bytes] as const]
      }),
    )
    await expect(unpackRun(host, bad, 'refused', 'bad.hiso')).rejects.toMatchObject({
      where: expect.stringContaining('bad.hiso') as string,
    })
    expect(await host.files.kind('refused')).toBeUndefined()
  })

  test('that can be written only in part leaves nothing of itself', async () => {
    const { files } = host
    const full: typeof files = {
      ...files,
      take: async (path) => {
        const folder = await files.take(path)
        let left = 2
        return {
          ...folder,
          write: (name, bytes) =>
            left-- > 0
              ? folder.write(name, bytes)
              : Promise.reject(new HisoError('FILE_UNWRITABLE', { what: 'the disk is full' })),
        }
      },
    }
    const unpacking = unpackRun({ ...host, files: full }, await packed, 'fullDisk', 'a.hiso')
    await expect(unpacking).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(await files.kind('fullDisk')).toBeUndefined()
  })

  test('of the model only is smaller, and holds config, record and log', async () => {
    const model = await packRun(host, 'a', { what: 'model' })
    expect(model.length).toBeLessThan((await packed).length)
    const [there, here] = [
      readPackedModel(model, { where: 'a.hiso' }, host),
      await readRun(host, 'a'),
    ]
    expect(there.config).toEqual(here.config)
    expect(there.record).toEqual(here.record)
    expect(there.log.bytes).toEqual(here.log.bytes)
    expect(readPackedModel(await packed, { where: 'a.hiso' }, host).log.bytes).toEqual(
      here.log.bytes,
    )
  })

  test('of the model only becomes a run without its metrics', async () => {
    const folder = await unpackRun(
      host,
      await packRun(host, 'a', { what: 'model' }),
      'models',
      'a.hiso',
    )
    const run = await readRun(host, folder)
    expect([run.log.rounds, run.rows.length]).toEqual([5, 0])
  })
})
