/**
 * A power cut leaves each file of a run at some moment of its own. Every combination must come back
 * to the bits of the undisturbed run, or be refused with advice that leads there.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { HisoError } from '../../base/index.ts'
import { formatConfig, parseConfigText, type RunConfig } from '../../config/index.ts'
import { RandomStream } from '../../random/index.ts'
import { runFiles } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import type { EngineHost } from '../engineHost.ts'
import { Run } from './run.ts'

const rounds = 10
const common = [
  'task.dim=9',
  `federation.rounds=${rounds}`,
  'federation.dropout=0.4',
  'evaluation.every=3',
]
const protocols: readonly (readonly [string, RunConfig])[] = [
  ['scalar', quadraticConfig(...common)],
  ['scalar, few bits', quadraticConfig(...common, 'method.precision=int4')],
  ['vector', quadraticConfig(...common, 'method={ name: scaffold, learningRate: 0.01 }')],
]

type FileName = (typeof runFiles)[keyof typeof runFiles]
type Contents = Readonly<Partial<Record<FileName, Uint8Array>>>

/** What a run has written, and how long each file was after each round. */
interface Recorded {
  readonly files: Readonly<Record<FileName, Uint8Array>>
  /** By round, from 0; of the files that grow. */
  readonly lengths: Readonly<Record<Growing, readonly number[]>>
  /** run.json while it was played, and after. */
  readonly records: readonly [Uint8Array, Uint8Array]
  readonly stateHash: string
}
const growing = [runFiles.log, runFiles.replies, runFiles.metrics] as const
type Growing = (typeof growing)[number]

const read = async (host: EngineHost, folder: string, name: FileName) =>
  host.files.read(`${folder}/${name}`)

/** @param changes whether the learning rate is changed after round 4 */
async function play(config: RunConfig, changes = false): Promise<Recorded> {
  const host = memoryEngineHost()
  const run = await Run.start(host, config, 'whole')
  const started = await read(host, 'whole', runFiles.record)
  const sizes = async () => Promise.all(growing.map((name) => read(host, 'whole', name)))
  const lengths = [(await sizes()).map(({ length }) => length)]
  const measured: Promise<void>[] = []
  run.listen((event) => {
    if (event.type !== 'roundCompleted') return
    measured.push(
      sizes().then((all) => void (lengths[event.row.round] = all.map((it) => it.length))),
    )
    if (changes && event.row.round === 4) run.change('learningRate', 0.02)
    // So that the files are looked at before the next round.
    run.pause()
    void measured.at(-1)!.then(() => run.continue())
  })
  const { stateHash } = await run.play()
  await Promise.all(measured)
  const names = Object.values(runFiles)
  const contents = await Promise.all(names.map((name) => read(host, 'whole', name)))
  return {
    files: Object.fromEntries(names.map((name, at) => [name, contents[at]!])) as Recorded['files'],
    lengths: Object.fromEntries(
      growing.map((name, at) => [name, lengths.map((all) => all[at]!)]),
    ) as unknown as Recorded['lengths'],
    records: [started, await read(host, 'whole', runFiles.record)],
    stateHash: stateHash!,
  }
}

/** Resumes what a power cut has left, as a person would who follows the advice. */
async function comeBack(left: Contents): Promise<{ host: EngineHost; folder: string }> {
  const host = memoryEngineHost(
    Object.fromEntries(Object.entries(left).map(([name, bytes]) => [`r/${name}`, bytes])),
  )
  try {
    await ended(await Run.resume(host, 'r'))
    return { host, folder: 'r' }
  } catch (error) {
    const { remedy } = error as HisoError
    if (remedy?.includes('resume --discard-damaged') === true) {
      await ended(await Run.resume(host, 'r', { discardDamaged: true }))
      return { host, folder: 'r' }
    }
    if (remedy?.includes('hiso run with this folder as its config') !== true) throw error
    const text = new TextDecoder().decode(left[runFiles.config])
    await ended(await Run.start(host, parseConfigText(text, 'r'), 'again'))
    return { host, folder: 'again' }
  }
}

async function ended(run: Run): Promise<void> {
  const { status, error } = await run.play()
  if (status !== 'finished') throw new Error(`${status}: ${error?.message}`)
}

describe.each(protocols)('after a power cut, a run of the %s protocol', (_name, config) => {
  let whole: Recorded
  beforeAll(async () => void (whole = await play(config)))

  /** The files at these ages, each tail as it is, followed by garbage, or by zeros. */
  const at = (ages: Readonly<Record<Growing, number>>, isFinished: boolean): Contents => ({
    ...whole.files,
    [runFiles.record]: whole.records[Number(isFinished)]!,
    ...Object.fromEntries(
      growing.map((name) => [name, whole.files[name].slice(0, whole.lengths[name][ages[name]])]),
    ),
  })

  async function expectWhole(left: Contents, of = whole): Promise<void> {
    const { host, folder } = await comeBack(left)
    const record = JSON.parse(
      new TextDecoder().decode(await read(host, folder, runFiles.record)),
    ) as { stateHash?: string; status: string }
    expect(record).toMatchObject({ status: 'finished', stateHash: of.stateHash })
    for (const name of growing) expect(await read(host, folder, name), name).toEqual(of.files[name])
  }

  test('resumes from every pair of ages of two files', async () => {
    for (const [a, b] of [
      [runFiles.log, runFiles.replies],
      [runFiles.log, runFiles.metrics],
      [runFiles.replies, runFiles.metrics],
    ] as const)
      for (let first = 0; first <= rounds; first++)
        for (let second = 0; second <= rounds; second++) {
          const ages = Object.fromEntries(growing.map((name) => [name, rounds])) as Record<
            Growing,
            number
          >
          ages[a] = first
          ages[b] = second
          await expectWhole(at(ages, (first + second) % 2 === 0))
        }
  })

  test('resumes from any ages with tails that are cut anywhere or filled with zeros', async () => {
    for (let trial = 0; trial < 150; trial++) {
      const random = new RandomStream(trial, 'objective', 0)
      const left: Record<string, Uint8Array> = { ...at(anyAges(random), random.below(2) === 0) }
      for (const name of growing) {
        const bytes = left[name]!
        const kept = bytes.length - random.below(Math.min(bytes.length, 60) + 1)
        const zeros = random.below(3) === 0 ? random.below(200) : 0
        const tail = new Uint8Array(kept + zeros)
        tail.set(bytes.subarray(0, kept))
        left[name] = tail
      }
      await expectWhole(left)
    }
  })

  test.each(Object.values(runFiles))('a %s that is missing, empty or zeros', async (name) => {
    for (const age of [0, 4, rounds]) {
      const ages = Object.fromEntries(growing.map((it) => [it, age])) as Record<Growing, number>
      const { [name]: there, ...others } = at(ages, age === rounds)
      for (const left of [
        others,
        { ...others, [name]: new Uint8Array() },
        { ...others, [name]: new Uint8Array(there!.length) },
      ]) {
        if (name !== runFiles.config) await expectWhole(left)
        else
          await expect(comeBack(left)).rejects.toMatchObject({
            code: 'RUN_CORRUPT',
            remedy: expect.stringMatching(/run the config that you began with again/) as string,
          })
      }
    }
  })

  test('a flipped bit in the middle of a file is told, and nothing behind it lost unsaid', async () => {
    for (const name of growing)
      for (let trial = 0; trial < 12; trial++) {
        const bytes = whole.files[name].slice()
        const from = whole.lengths[name][0]!
        const position = from + Math.floor(((whole.lengths[name][8]! - from) * trial) / 12)
        // A digit that became another one is a number like any: metrics have no checksum.
        if (name === runFiles.metrics) bytes[position] = 0x78
        else bytes[position]! ^= 0x15
        const left = { ...whole.files, [name]: bytes }
        const host = memoryEngineHost(
          Object.fromEntries(Object.entries(left).map(([it, content]) => [`r/${it}`, content])),
        )
        await expect(Run.resume(host, 'r'), `${name} at ${position}`).rejects.toMatchObject({
          code: 'RUN_CORRUPT',
        })
        await expectWhole(left)
      }
  })

  test('keeps a change that was made while it ran: it is in the log alone, and brought to the disk', async () => {
    const changed = await play(config, true)
    expect(changed.stateHash).not.toBe(whole.stateHash)
    for (const metrics of [0, 2, 4, 7])
      for (const replies of [0, 3, 5, rounds])
        for (const log of [6, 8, rounds]) {
          const left: Record<string, Uint8Array> = { ...changed.files }
          const ages = {
            [runFiles.log]: log,
            [runFiles.replies]: replies,
            [runFiles.metrics]: metrics,
          }
          for (const name of growing)
            left[name] = left[name]!.slice(0, changed.lengths[name][ages[name]])
          left[runFiles.record] = changed.records[log === rounds ? 1 : 0]
          await expectWhole(left, changed)
        }
  })

  test('a folder without a round is started anew by the same command', async () => {
    const ages = { [runFiles.log]: 0, [runFiles.replies]: 0, [runFiles.metrics]: 0 } as const
    const begun = at(ages, false)
    const absent: readonly (readonly string[])[] = [
      [],
      ...growing.map((name) => [name]),
      growing,
      [runFiles.record],
    ]
    for (const missing of absent) {
      const left = Object.entries(begun).filter(([name]) => !missing.includes(name))
      const host = memoryEngineHost(
        Object.fromEntries(left.map(([name, bytes]) => [`r/${name}`, bytes])),
      )
      const run = await Run.start(host, config, 'r')
      expect((await run.play()).stateHash).toBe(whole.stateHash)
    }
    expect(formatConfig(config)).toBe(new TextDecoder().decode(whole.files[runFiles.config]))
  })

  function anyAges(random: RandomStream): Record<Growing, number> {
    return Object.fromEntries(growing.map((name) => [name, random.below(rounds + 1)])) as Record<
      Growing,
      number
    >
  }
})
