/** Links: there and back, short, and refused with a reason when anything is wrong with them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configsOf, parseRunConfig, readConfigText, type RunConfig } from '../config/index.ts'
import { crc32, toBase64url } from '../base/index.ts'
import { readLink, writeLink, type Packing, type SharedState } from './link.ts'

const packing: Packing = {
  deflate: (bytes) => Promise.resolve(deflateRawSync(bytes)),
  inflate: (bytes, most) => Promise.resolve(inflateRawSync(bytes, { maxOutputLength: most })),
}
const folder = join(import.meta.dirname, '../../resources/presets')
const presets = new Map(
  readdirSync(folder).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const [own] = configsOf(readConfigText(text, file), file)
    return [file.replace('.yaml', ''), parseRunConfig(own, file)] as const
  }),
)
const stateOf = (config: RunConfig): SharedState => ({ config, view: 'watch', hasControls: true })
const there = (state: SharedState) => writeLink(state, presets, packing)
const back = (link: string) => readLink(link, presets, packing)

/** A link as somebody could make it by hand. */
function forged(content: unknown, version = 1): string {
  const packed = deflateRawSync(JSON.stringify(content))
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(packed))
  return `hiso://${version}/${toBase64url(Buffer.concat([packed, sum]))}`
}

const tenChanges = fc.record({
  seed: fc.nat(2 ** 31),
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
  rounds: fc.integer({ min: 1, max: 100_000 }),
  batchSize: fc.integer({ min: 1, max: 512 }),
  dropout: fc.double({ min: 0, max: 0.9, noNaN: true }),
  learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  alpha: fc.double({ min: 0.01, max: 10, noNaN: true }),
  every: fc.integer({ min: 1, max: 100 }),
})

describe('a link', () => {
  it('gives back what it was made of, from every preset with ten changes, in 2,000 letters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...presets.keys()), tenChanges, async (name, changed) => {
        const preset = presets.get(name)!
        const {
          seed,
          name: called,
          rounds,
          batchSize,
          dropout,
          learningRate,
          alpha,
          every,
        } = changed
        const config = parseRunConfig({
          ...preset,
          name: called,
          seed,
          split: { kind: 'dirichlet', alpha },
          federation: { ...preset.federation, rounds, batchSize, dropout },
          method: { ...preset.method, learningRate, momentum: 0.5 },
          evaluation: { ...preset.evaluation, every, samples: 500 },
        })
        const state: SharedState = {
          config,
          view: 'watch',
          charts: ['loss', 'cumulativeBytes'],
          hasControls: false,
          lesson: { name: 'bytes', page: 3 },
        }
        const link = await there(state)
        expect(link.length).toBeLessThan(2000)
        expect(link).toMatch(/^hiso:\/\/1\/[\w-]+$/)
        const { preset: _, ...read } = await back(link)
        expect(read).toEqual(state)
      }),
      { numRuns: 60 },
    )
  })

  it('says nothing of a preset that was not changed', async () => {
    for (const [name, config] of presets) {
      const read = await back(await there(stateOf(config)))
      expect(read.preset).toBe(name)
      expect(read.config).toEqual(config)
    }
  })
})

it('the scale of the loss travels, in a form that older programs call newer', async () => {
  const state = { ...stateOf(presets.get('quickstart')!), lossScale: 'log' as const }
  const link = await there(state)
  expect(link).toMatch(/^hiso:\/\/2\//)
  expect(await back(link)).toMatchObject({ lossScale: 'log' })
})

describe('refused are', () => {
  const quickstart = presets.get('quickstart')!

  it('links that were cut or altered anywhere', async () => {
    const link = await there(stateOf({ ...quickstart, seed: 12345 }))
    const body = link.indexOf('/', 'hiso://'.length) + 1
    for (let end = body; end < link.length; end++)
      await expect(back(link.slice(0, end))).rejects.toThrow(/cut or altered/)
    for (let at = body; at < link.length; at++) {
      const other = link[at] === 'A' ? 'B' : 'A'
      const altered = link.slice(0, at) + other + link.slice(at + 1)
      // The last letter has bits that stand for nothing.
      const read = await back(altered).catch((error: Error) => error.message)
      if (typeof read === 'string') expect(read).toMatch(/cut or altered/)
      else expect(at).toBe(link.length - 1)
    }
  })

  it.each([
    ['of a newer version', forged({}, 3), /a newer HiSo Studio made it.*Update HiSo Studio/],
    ['of no such form', 'https://example.org/1/AAAA', /not the form hiso:\/\/1/],
    [
      'with a command',
      forged({ p: 'quickstart', v: 'watch', run: 'rm' }),
      /run is not a known key/,
    ],
    [
      'with a scale that is none',
      forged({ p: 'quickstart', v: 'watch', s: 'cubic' }, 2),
      /s must be linear or log/,
    ],
    ['with a view that is none', forged({ p: 'quickstart', v: 'terminal' }), /v must be watch/],
    ['from a preset that is not here', forged({ p: 'slowstart', v: 'watch' }), /preset slowstart/],
    [
      'with a config that does not validate',
      forged({ p: 'quickstart', v: 'watch', c: { federation: { rounds: 0 } } }),
      /federation\.rounds must be at least 1/,
    ],
    ['that unpack to too much', forged({ p: 'x'.repeat(2 ** 20), v: 'watch' }), /cut or altered/],
  ])('%s', async (_what, link, said) => {
    await expect(back(link)).rejects.toThrow(said)
  })

  it.each([
    ['/etc/passwd'],
    ['C:\\data\\mine'],
    ['../mine'],
    ['~'],
    ['mine.csv'],
    ['hf:owner/../name'],
  ])('files, by name: %s, in making and in opening', async (dataset) => {
    const task = { ...quickstart.task, dataset } as RunConfig['task']
    const said = /task\.dataset names a file.*a link holds none/
    await expect(there(stateOf({ ...quickstart, task }))).rejects.toThrow(said)
    await expect(
      back(forged({ p: 'quickstart', v: 'watch', c: { task: { dataset } } })),
    ).rejects.toThrow(said)
  })

  it('but not texts of the hub', async () => {
    const config = parseRunConfig({
      ...presets.get('spam-lora')!,
      task: { ...presets.get('spam-lora')!.task, dataset: 'hf:owner/name' },
    })
    expect((await back(await there(stateOf(config)))).config).toEqual(config)
  })

  it('but keys that would reach into every object are as if they were not there', async () => {
    const link = forged(JSON.parse('{"p":"quickstart","v":"watch","c":{"__proto__":{"x":1}}}'))
    expect((await back(link)).config).toEqual(quickstart)
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})
