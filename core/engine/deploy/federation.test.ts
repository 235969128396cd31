import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HisoError } from '../../base/index.ts'
import { formatConfig } from '../../config/index.ts'
import { Server } from '../../federation/index.ts'
import {
  attendanceFile,
  messagesOf,
  readAttendanceFile,
  readRun,
  rosterFile,
  runFiles,
} from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { createReplica, hashOf, quadraticConfig } from '../../testing/federation.ts'
import { LossyFederation } from '../../testing/lossyFederation.ts'
import { decode, encode, snapshotParts } from '../../wire/index.ts'
import { Roster, Run, type EngineHost } from '../index.ts'
import {
  decodeServerMessage,
  encodeServerMessage,
  type ServerMessage,
  type Welcome,
} from './messages.ts'

const names = ['ana', 'ben', 'cem'] as const
const config = quadraticConfig(
  'federation.clients=3',
  'federation.participants=2',
  'federation.localSteps=2',
  'federation.rounds=12',
)

const logOf = (host: EngineHost, folder: string) =>
  host.files.read(host.files.join(folder, runFiles.log))

async function simulated(host: EngineHost) {
  const record = await (await Run.start(host, config, 'simulated')).play()
  return { record, log: await logOf(host, 'simulated') }
}

describe('a federation of real clients', () => {
  test('writes its simulation’s log, whatever messages are lost or come twice', async () => {
    const host = memoryEngineHost()
    const { record, log } = await simulated(host)
    let folders = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          lost: fc.double({ min: 0, max: 0.2, noNaN: true }),
          twice: fc.double({ min: 0, max: 0.2, noNaN: true }),
          seed: fc.nat(2 ** 32 - 1),
          catchUp: fc.constantFrom('replay' as const, 'snapshot' as const),
        }),
        async ({ catchUp, ...faults }) => {
          const folder = `real ${++folders}`
          const federation = new LossyFederation(host, faults)
          const served = { ...config, federation: { ...config.federation, catchUp } }
          const run = await federation.serve(folder, served, names)
          for (const name of names) void federation.join(name)
          const own = await federation.until(run.play())
          expect(own).toMatchObject({ status: 'finished', stateHash: record.stateHash })
          expect(await logOf(host, folder)).toEqual(log)
        },
      ),
      { numRuns: 5 },
    )
  })

  test.each(['snapshot', 'cheapest'])(
    'brings a client that comes late to the same bits, by %s',
    async (catchUp) => {
      const host = memoryEngineHost()
      const late = quadraticConfig(
        ...['federation.clients=3', 'federation.participants=3', 'federation.rounds=12'],
        ...['federation.localSteps=16', `federation.catchUp=${catchUp}`],
      )
      const federation = new LossyFederation(host)
      const run = await federation.serve('real', late, names, 2)
      const [ana, ben, cem] = names
      const members = [ana, ben].map((name) => federation.join(name))
      run.listen((event) => {
        if (event.type !== 'roundCompleted') return
        if (event.row.round === 5) run.change('nu', 0.3)
        if (event.row.round === 8) members.push(federation.join(cem))
      })
      const record = await federation.until(run.play())
      expect(record.status).toBe('finished')
      expect(federation.snapshots.has(cem)).toBe(true)
      expect(federation.snapshots.has(ana)).toBe(catchUp === 'snapshot')
      const { log } = await readRun(host, 'real')
      for (const { rounds, stateHash } of await Promise.all(members)) {
        const replica = createReplica(late)
        for (const message of messagesOf(log, rounds)) replica.apply(message)
        expect(stateHash).toBe(hashOf(replica))
        expect(rounds).toBeGreaterThan(8)
      }
      // What was counted follows from who was called and how much each knew.
      const attendance = await readAttendanceFile(host.files.own('real'))
      const again = new Server(late, 101, attendance)
      again.restore(messagesOf(log))
      expect(again.ledger.cumulative).toMatchObject({ catchUpBytes: record.totals.catchUpBytes })
    },
  )

  test('lets clients that know another log begin anew', async () => {
    const host = memoryEngineHost()
    const { record } = await simulated(host)
    const federation = new LossyFederation(host)
    const first = await federation.serve('first', config, names)
    for (const name of names) void federation.join(name)
    first.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 7) first.stop()
    })
    expect(await federation.until(first.play())).toMatchObject({ status: 'stopped' })
    // The same federation without its log, as after a disk was lost.
    const second = await federation.serve('second', config, names)
    expect(await federation.until(second.play())).toMatchObject({ stateHash: record.stateHash })
  })

  test('refuses clients of other versions by name, and goes on without them', async () => {
    const host = memoryEngineHost()
    const federation = new LossyFederation(host)
    const [ana, ben, cem] = names
    const run = await federation.serve('real', config, [ana, ben])
    const older = { type: 'hello', round: 0, fingerprint: new Uint8Array(32), protocol: 1 } as const
    federation.publish(cem, encode(older))
    for (const name of [ana, ben]) void federation.join(name)
    expect(await federation.until(run.play())).toMatchObject({ status: 'finished' })
    expect(federation.notices.join('\n')).toMatch(
      /Refused a message of cem: it speaks version 1 .* install the server’s version of HiSo Studio/,
    )
  })

  test('tells a client with another program, config, model or seat what differs', async () => {
    const host = memoryEngineHost()
    const { worker, report } = await host.startWorker(config)
    await worker.close()
    const welcome: Welcome = {
      ...{ type: 'welcome', id: 'a1b2c3d4', client: 0, configText: formatConfig(config) },
      ...{ model: report.fingerprints.model, version: 'test', fingerprint: new Uint8Array(32) },
      helloEveryMs: 2000,
    }
    await expect(host.startClient(welcome, {})).resolves.toBeDefined()
    await expect(host.startClient({ ...welcome, version: '9.9' }, {})).rejects.toMatchObject({
      code: 'FEDERATION_MISMATCH',
      what: 'this program has version test, and the federation’s 9.9',
      remedy: expect.stringContaining('Install the same version'),
    })
    const model = 'f'.repeat(64)
    await expect(host.startClient({ ...welcome, model }, {})).rejects.toMatchObject({
      code: 'FEDERATION_MISMATCH',
      remedy: expect.stringContaining('same model file'),
    })
    const configText = welcome.configText.replace('hiso', 'hisoo')
    await expect(host.startClient({ ...welcome, configText }, {})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  test('lets the last process of a client speak for it, and tells the one before to end', async () => {
    const host = memoryEngineHost()
    const { record, log } = await simulated(host)
    const federation = new LossyFederation(host)
    const run = await federation.serve('real', config, names)
    const [ana, ben, cem] = names
    const earlier = federation.join(ana, { session: 'earlier' })
    const replaced = expect(earlier).rejects.toMatchObject({
      code: 'FEDERATION_REFUSED',
      what: expect.stringContaining('another process has joined as ana'),
    })
    void federation.join(ben, { session: 'own' })
    void federation.join(cem)
    let later: ReturnType<typeof federation.join> | undefined
    run.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 5)
        later = federation.join(ana, { session: 'later' })
    })
    expect(await federation.until(run.play())).toMatchObject({ stateHash: record.stateHash })
    await replaced
    expect((await later)!.rounds).toBeGreaterThan(5)
    expect(await logOf(host, 'real')).toEqual(log)
    expect(federation.notices.join('\n')).toContain('ana has joined again')
    expect(federation.notices.join('\n')).not.toContain('Refused a message')
  })

  test.each([
    ['is gone', undefined],
    ['is damaged', '{"id": "a1b2'],
  ])('guesses no client’s number where the list of clients %s', async (how, text) => {
    const host = memoryEngineHost()
    const federation = new LossyFederation(host)
    const run = await federation.serve('real', config, names)
    for (const name of names) void federation.join(name)
    await federation.until(run.play())
    const { files } = host
    await files.write(
      files.join('after', attendanceFile),
      await files.read(files.join('real', attendanceFile)),
    )
    const open = () => Roster.open(files, 'after', 3, 'a1b2c3d4')
    const path = files.join('after', rosterFile)
    if (text !== undefined) await files.write(path, new TextEncoder().encode(text))
    const failure = await open().then(
      () => undefined,
      (error: unknown) => error as HisoError,
    )
    expect(failure).toMatchObject({ code: 'RUN_CORRUPT', what: expect.stringContaining(how) })
    // What it says to write is read.
    const written = /\{.*\}$/.exec(failure!.remedy ?? '')![0]
    await files.write(path, new TextEncoder().encode(written))
    expect((await open()).names).toEqual(['NAME1', 'NAME2'])
  })

  test('loses no log where it goes on from an earlier round', async () => {
    const host = memoryEngineHost()
    const { record, log } = await simulated(host)
    const federation = new LossyFederation(host)
    const play = async (opened: Promise<Run>) => {
      const run = await opened
      for (const name of names) void federation.join(name)
      return federation.until(run.play())
    }
    await play(federation.serve('real', config, names))
    const { files } = host
    const path = files.join('real', attendanceFile)
    const rows = new TextDecoder()
      .decode(await files.read(path))
      .split('\n')
      .slice(0, 6)
    await files.write(path, new TextEncoder().encode(`${rows.join('\n')}\n`))
    const again = await play(federation.goOn('real', config, names))
    expect(again).toMatchObject({ status: 'finished', stateHash: record.stateHash })
    expect(again.notices.join()).toMatch(/all hold 5 rounds, the log 12\. .* scalars-12\.log/)
    expect(await files.read(files.join('real', 'scalars-12.log'))).toEqual(log)
    expect(await logOf(host, 'real')).toEqual(log)
  })

  test('is no simulation because its attendance is gone', async () => {
    const host = memoryEngineHost()
    const folder = host.files.own('real')
    expect(await readAttendanceFile(folder)).toBeUndefined()
    await (await Roster.open(host.files, 'real', 3, 'a1b2c3d4')).save()
    expect(await readAttendanceFile(folder)).toMatchObject({ rounds: 0 })
  })

  test('says that all places are taken, and by whom, where nobody was invited', async () => {
    const host = memoryEngineHost()
    const roster = await Roster.open(host.files, 'full', 3, 'a1b2c3d4')
    for (const name of names) roster.indexOf(name)
    expect(roster.whyNot('dora')).toContain('all 3 places are taken (ana, ben, cem)')
    await roster.invite('ana')
    expect(roster.whyNot('dora')).toMatch(/dora is not invited, and no place is left/)
    const open = await Roster.open(host.files, 'open', 3, 'a1b2c3d4')
    await open.invite('ana')
    expect(open.whyNot('dora')).toMatch(/ask for hiso serve --invite dora/)
    expect(open.whyNot('no name')).toMatch(/is no name for a client/)
  })

  test('goes on when clients’ clocks are a day apart, and one of them stands still', async () => {
    const host = memoryEngineHost()
    const { record } = await simulated(host)
    const federation = new LossyFederation(host)
    const run = await federation.serve('real', config, names)
    const day = 86_400_000
    const members = names.map((name, at) => federation.join(name, { clockMs: at * day }))
    expect(await federation.until(run.play())).toMatchObject({ stateHash: record.stateHash })
    // Nobody summons them after the last round, and they have its entry all the same.
    const { stateHash } = record
    for (const own of await Promise.all(members))
      expect(own).toEqual({ rounds: 12, allRounds: 12, stateHash })
  })
})

describe('a message of the server', () => {
  const opening = encode({ type: 'assignment', round: 3, localSteps: 2, seed: 5 })
  const [first] = snapshotParts({ round: 3, changed: [], vectors: [Float32Array.of(1, 2)] })
  const part = encode(first!)
  const missed = encode({ type: 'change', round: 2, setting: 'nu', value: 0.5 })

  test('comes back as it was', () => {
    const messages: readonly ServerMessage[] = [
      { type: 'summons', round: 3, opening, missed },
      { type: 'summons', round: 3, opening, missed: new Uint8Array() },
      { type: 'log', frames: missed },
      { type: 'snapshot', frame: part },
      { type: 'reminder', round: 7 },
      { type: 'refusal', reason: 'no', isFinal: true },
      { type: 'farewell', rounds: 9 },
    ]
    for (const message of messages)
      expect(decodeServerMessage(encodeServerMessage(message))).toEqual(message)
  })

  test('that calls a client is frames of the wire format and nothing else', () => {
    const bytes = encodeServerMessage({ type: 'summons', round: 3, opening, missed })
    const { message, end } = decode(bytes)
    expect(message.type).toBe('assignment')
    expect(decode(bytes, end)).toMatchObject({ message: { type: 'change' }, end: bytes.length })
  })

  test('of an unknown kind is refused', () => {
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0),
      Uint8Array.of(7, 0),
      Uint8Array.of(99, 1),
    ])
      expect(() => decodeServerMessage(bytes)).toThrow(HisoError)
  })
})
