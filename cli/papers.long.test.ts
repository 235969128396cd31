/** Figures, tables, events and capsules, by the real program. */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

const folder = mkdtempSync(join(tmpdir(), 'papers-'))
const at = (name: string) => join(folder, name)
const ok = async (...args: string[]) => {
  const { code, stdout, stderr } = await hiso(folder, ...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
const config = (name: string, seed: number, more: object = {}) =>
  JSON.stringify({
    name,
    task: { kind: 'quadratic', dim: 200 },
    method: { name: 'hiso', learningRate: 0.001, perturbations: 4 },
    federation: { rounds: 12, clients: 4, participants: 2 },
    evaluation: { every: 3 },
    seed,
    ...more,
  })

beforeAll(async () => {
  for (const seed of [1, 2]) {
    writeFileSync(at(`${seed}.json`), config('valley', seed))
    await hiso(folder, 'run', `${seed}.json`, '--out', `runs/${seed}`, '--log', 'tensorboard:live')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('what leaves the program for papers and notebooks', () => {
  it('is the same file each time it is made', async () => {
    for (const format of ['pdf', 'svg', 'png', 'tex', 'vega']) {
      const args = ['figure', 'runs/1', 'runs/2', '--chart', 'loss', '--format', format]
      await ok(...args, '--out', `a.${format}`)
      await ok(...args, '--out', `b.${format}`)
      expect(readFileSync(at(`a.${format}`)).equals(readFileSync(at(`b.${format}`)))).toBe(true)
    }
  })

  it('is a figure of the form that its name ends in', async () => {
    for (const [name, start] of [
      ['c.svg', '<svg'],
      ['c.pdf', '%PDF'],
      ['c.vl.json', '{'],
      ['c', '%PDF'],
    ] as const) {
      await ok('figure', 'runs/1', '--chart', 'loss', '--out', name)
      expect(readFileSync(at(name), 'utf8')).toMatch(new RegExp(`^(<\\?xml[^>]*>\\s*)?${start}`))
    }
    const { code, stderr } = await hiso(folder, 'figure', 'runs/1', '--out', 'c.jpg')
    expect(code).toBe(2)
    expect(stderr).toMatch(/no figure ends in \.jpg\. End it in pdf, svg, png/)
  })

  it('names the charts that there are', async () => {
    const { code, stderr } = await hiso(folder, 'figure', 'runs/1', '--chart', 'los')
    expect(code).toBe(2)
    expect(stderr).toMatch(/loss/)
    const swept = await hiso(
      folder,
      'figure',
      'runs/1',
      'runs/2',
      '--chart',
      'loss',
      '--sweep',
      'method.mu',
    )
    expect(swept.stderr).toMatch(/needs runs that have different numbers there/)
  })

  it('has the same events, live and afterwards', async () => {
    await ok('export', '--format', 'tensorboard', '--out', 'after', 'runs/1')
    const [live] = readdirSync(at('live/1'))
    const [after] = readdirSync(at('after/1'))
    expect(after).toBe(live)
    const [played, exported] = [
      readFileSync(at(`live/1/${live}`)),
      readFileSync(at(`after/1/${after}`)),
    ]
    // The histograms of H come behind the rounds.
    expect(exported.subarray(0, played.length).equals(played)).toBe(true)
    expect(exported.length).toBeGreaterThan(played.length)
  })

  it('leaves nothing behind on a full disk', async () => {
    const { code, stderr } = await hiso(
      folder,
      'export',
      '--format',
      'csv',
      '--tidy',
      '--out',
      '/dev/full/x.csv',
      'runs/1',
    )
    expect(code).toBe(4)
    expect(stderr).toMatch(/can't be written/)
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
  })
})

describe('a capsule', () => {
  it('replays to the recorded states, and says what was changed in it', async () => {
    await ok('capsule', 'runs/1', 'runs/2', '--out', 'c.zip')
    expect(await ok('capsule', 'verify', 'c.zip')).toMatch(/all as they were packed/)
    const files = unzipSync(readFileSync(at('c.zip')))
    const crate = JSON.parse(strFromU8(files['ro-crate-metadata.json']!)) as {
      '@graph': { '@id': string; hasPart?: { '@id': string }[] }[]
    }
    const listed = crate['@graph'].find((it) => it['@id'] === './')!.hasPart!.map((it) => it['@id'])
    expect(new Set([...listed, 'ro-crate-metadata.json'])).toEqual(new Set(Object.keys(files)))
    for (const { '@id': id } of crate['@graph'])
      expect(crate['@graph'].filter((it) => it['@id'] === id)).toHaveLength(1)

    const log = 'runs/1/scalars.log'
    const bent = { ...files, [log]: files['runs/2/scalars.log']! }
    writeFileSync(at('bent.zip'), zipSync(bent))
    const refused = await hiso(folder, 'capsule', 'verify', 'bent.zip')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toMatch(/runs\/1\/scalars\.log is changed/)

    // Even where the list of hashes was bent along, the replay tells.
    const manifest = JSON.parse(strFromU8(files['manifest.json']!)) as {
      files: Record<string, string>
    }
    manifest.files[log] = createHash('sha256').update(bent[log]).digest('hex')
    writeFileSync(
      at('bent.zip'),
      zipSync({ ...bent, 'manifest.json': strToU8(JSON.stringify(manifest)) }),
    )
    expect((await hiso(folder, 'capsule', 'verify', 'bent.zip')).code).toBe(6)
  })

  it('is not made of a run that has lost rounds, or whose hash is another', async () => {
    cpSync(at('runs/1'), at('lost'), { recursive: true })
    truncateSync(at('lost/scalars.log'), statSync(at('lost/scalars.log')).size - 3)
    cpSync(at('runs/1'), at('other'), { recursive: true })
    const record = readFileSync(at('other/run.json'), 'utf8')
    writeFileSync(
      at('other/run.json'),
      record.replace(/"stateHash": "\w+"/, `"stateHash": "${'0'.repeat(64)}"`),
    )
    for (const [run, said] of [
      ['lost', /RUN_CORRUPT.*hiso resume plays the missing rounds/],
      ['other', /RUN_CHANGED/],
    ] as const) {
      const { code, stderr } = await hiso(folder, 'capsule', run, '--out', 'x.zip')
      expect(code).toBe(4)
      expect(stderr).toMatch(said)
    }
    for (const word of ['figure', 'export'])
      expect(
        (
          await hiso(
            folder,
            word,
            'lost',
            ...(word === 'figure' ? ['--chart', 'loss'] : ['--format', 'csv', '--tidy']),
            '--out',
            'x',
          )
        ).stderr,
      ).toMatch(/RUN_CORRUPT/)
    expect(existsSync(at('x.zip')) || existsSync(at('x'))).toBe(false)
  })

  it.each(['../out', '/tmp/out', 'a/../../out', 'C:\\out', 'a//b'])(
    'with a file called %s is refused, and nothing is written',
    async (name) => {
      writeFileSync(at('evil.zip'), zipSync({ [name]: strToU8('x') }))
      const { code, stderr } = await hiso(folder, 'capsule', 'verify', 'evil.zip')
      expect(code).toBe(4)
      expect(stderr).toContain('a file in it is called')
      expect(existsSync(join(folder, '../out'))).toBe(false)
    },
  )

  it.each([
    ['nothing', new Uint8Array()],
    ['half of one', zipSync({ 'manifest.json': strToU8('{}'.repeat(999)) }).subarray(0, 60)],
    ['no manifest', zipSync({ a: strToU8('x') })],
    ['another manifest', zipSync({ 'manifest.json': strToU8('[]') })],
    ...[{ runs: [null] }, { files: null }, { runs: [{ name: 5 }] }, { files: { a: {} } }].map(
      (odd): [string, Uint8Array] => [
        `a manifest with ${JSON.stringify(odd)}`,
        zipSync({
          'manifest.json': strToU8(
            JSON.stringify({ format: 1, program: '', runs: [], files: {}, ...odd }),
          ),
        }),
      ],
    ),
    ['no zip', strToU8('hello, this is text')],
  ])('that is %s is refused', async (_, bytes) => {
    writeFileSync(at('broken.zip'), bytes)
    const { code, stderr } = await hiso(folder, 'capsule', 'verify', 'broken.zip')
    expect(code).toBe(4)
    expect(stderr).toMatch(/capsule|manifest/)
  })
})
