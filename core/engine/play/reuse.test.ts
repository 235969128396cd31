/** Runs that go on from others, played for real on the quadratic: what has to be the same is. */
import { describe, expect, test } from 'vitest'
import { parseRunConfig, setValues, type RunConfig } from '../../config/index.ts'
import { forkRun, listLibrary, readRun, runFiles } from '../../runs/index.ts'
import { filledHost, memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { extendRun, forkedRun, replayRun, Run, type EngineHost } from '../index.ts'

const methods = ['hiso', 'decomfl', 'fedavg'] as const
const configOf = (rounds: number, ...changes: string[]) =>
  quadraticConfig(`federation.rounds=${rounds}`, ...changes)
const play = async (host: EngineHost, config: RunConfig, folder: string) =>
  (await Run.start(host, config, folder)).play()
const bytesOf = (host: EngineHost, folder: string, name: keyof typeof runFiles) =>
  host.files.read(host.files.join(folder, runFiles[name]))
const setting = (path: string, value: unknown) => (config: RunConfig) =>
  parseRunConfig(setValues(config, [{ keys: path.split('.'), value, written: path }]), 'test')

async function expectVerified(host: EngineHost, folder: string): Promise<void> {
  const { stateHash, recordedHash } = await replayRun(host, folder)
  expect(recordedHash).toBe(stateHash)
}

describe('a run that is extended', () => {
  test.each(methods)('equals the longer run, bit for bit: %s', async (name) => {
    const host = memoryEngineHost()
    const own = `method.name=${name}`
    const whole = await play(host, configOf(20, own), 'whole')
    await play(host, configOf(12, own), 'r')
    const record = await (await extendRun(host, 'r', 8)).play()
    expect(record).toMatchObject({ status: 'finished', rounds: 20, plannedRounds: 20 })
    expect(record.stateHash).toBe(whole.stateHash)
    expect(await bytesOf(host, 'r', 'replies')).toEqual(await bytesOf(host, 'whole', 'replies'))
    await expectVerified(host, 'r')
    const [r] = (await listLibrary(host, '.')).runs.filter(({ folder }) => folder.endsWith('r'))
    expect(r?.config.federation.rounds ?? 20).toBe(20)
  })

  test('says what it means for a schedule over all rounds, and its log replays', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(10, 'method.learningRateSchedule.kind=cosine'), 'r')
    const record = await (await extendRun(host, 'r', 10)).play()
    expect(record.notices.join()).toContain('follows a cosine over all rounds: from round 11 on')
    const { rows } = await readRun(host, 'r')
    expect(rows[9]!.learningRate).toBe(0)
    expect(rows[10]!.learningRate).toBeGreaterThan(0.4 * rows[0]!.learningRate)
    expect(rows[19]!.learningRate).toBe(0)
    await expectVerified(host, 'r')
  })

  test('can be extended again, stopped and resumed', async () => {
    const host = memoryEngineHost()
    const whole = await play(host, configOf(20), 'whole')
    await play(host, configOf(5), 'r')
    await (await extendRun(host, 'r', 5)).play()
    const run = await extendRun(host, 'r', 10)
    run.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 13) run.stop()
    })
    expect(await run.play()).toMatchObject({ status: 'stopped', rounds: 13 })
    const record = await (await Run.resume(host, 'r')).play()
    expect(record).toMatchObject({ status: 'finished', stateHash: whole.stateHash })
    await expectVerified(host, 'r')
  })

  test('asks for a number of rounds to add', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(2), 'r')
    for (const more of [0, -1, 1.5, NaN])
      await expect(extendRun(host, 'r', more)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expectVerified(host, 'r')
  })
})

describe('a fork of a run', () => {
  const fork = (host: EngineHost) =>
    forkedRun(host, { from: 'a', to: 'b', rounds: 3, configure: (config: RunConfig) => config })

  test('whose log is not its own is refused, and leaves no folder', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(8), 'a')
    const record = JSON.parse(
      new TextDecoder().decode(await bytesOf(host, 'a', 'record')),
    ) as object
    const other = JSON.stringify({ ...record, stateHash: '0'.repeat(64) })
    await host.files.write('a/run.json', new TextEncoder().encode(other))
    await expect(fork(host)).rejects.toMatchObject({ code: 'RUN_CHANGED' })
    expect(await host.files.kind('b')).toBeUndefined()
  })

  test('that has lost rounds is refused; what the message advises leads out', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(8), 'a')
    const log = await bytesOf(host, 'a', 'log')
    await host.files.write('a/scalars.log', log.subarray(0, -3))
    await expect(fork(host)).rejects.toThrow(/holds 7. hiso resume plays the missing rounds/)
    expect(await host.files.kind('b')).toBeUndefined()
    await (await Run.resume(host, 'a')).play()
    expect(await (await fork(host)).play()).toMatchObject({ status: 'finished' })
  })
})

describe('killed before its first own round was written', () => {
  const changes = { 'method.learningRate': 0.001 }

  test('a fork keeps what it was to change', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(12), 'a')
    const configure = setting('method.learningRate', 0.001)
    const whole = await forkedRun(host, { from: 'a', to: 'b', rounds: 7, configure })
    const { stateHash } = await whole.play()
    await forkRun(host, { from: 'a', to: 'c', rounds: 7, changes })
    expect(await (await Run.resume(host, 'c')).play()).toMatchObject({ stateHash })
    expect(await bytesOf(host, 'c', 'log')).toEqual(await bytesOf(host, 'b', 'log'))
  })

  test('a fork without the rounds that it shares is refused, and plays no others', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(12), 'a')
    await forkRun(host, { from: 'a', to: 'c', rounds: 7, changes })
    await host.files.write('c/scalars.log', new Uint8Array())
    for (const discardDamaged of [false, true])
      await expect(Run.resume(host, 'c', { discardDamaged })).rejects.toThrow(
        /holds 0 of the 7 rounds that this fork shares with a.*hiso fork RUN --at 7/,
      )
  })

  test('an extension has the rounds that were added', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(5), 'a')
    const log = await bytesOf(host, 'a', 'log')
    const { stateHash } = await (await extendRun(host, 'a', 4)).play()
    const whole = await bytesOf(host, 'a', 'log')
    const { stateHash: _, ...record } = JSON.parse(
      new TextDecoder().decode(await bytesOf(host, 'a', 'record')),
    ) as Record<string, unknown>
    const running = JSON.stringify({ ...record, status: 'running', rounds: 5 })
    await host.files.write('a/run.json', new TextEncoder().encode(running))
    await host.files.write('a/scalars.log', log)
    expect(await (await Run.resume(host, 'a')).play()).toMatchObject({ stateHash, rounds: 9 })
    expect(await bytesOf(host, 'a', 'log')).toEqual(whole)

    // Rounds from before the extension are played as they were.
    await host.files.write(
      'a/run.json',
      new TextEncoder().encode(running.replace('"rounds":5', '"rounds":2')),
    )
    await host.files.write('a/scalars.log', log.slice(0, 8 + (2 * (log.length - 8)) / 5))
    const { notices } = await (await Run.resume(host, 'a')).play()
    expect(notices.join()).toMatch(/to go on to 9 rounds.*hiso extend RUN --rounds 4/)
    expect(await bytesOf(host, 'a', 'log')).toEqual(log)
    expect(await (await extendRun(host, 'a', 4)).play()).toMatchObject({ stateHash })
    expect(await bytesOf(host, 'a', 'log')).toEqual(whole)
  })
})

describe('a fork', () => {
  test.each(methods)('without a change comes to the same state: %s', async (name) => {
    const host = memoryEngineHost()
    const whole = await play(host, configOf(12, `method.name=${name}`), 'a')
    const fork = { from: 'a', to: 'b', rounds: 7, configure: (config: RunConfig) => config }
    const record = await (await forkedRun(host, fork)).play()
    expect(record).toMatchObject({
      stateHash: whole.stateHash,
      forkedFrom: { name: 'a', rounds: 7, changes: {} },
    })
    for (const file of ['log', 'replies'] as const)
      expect(await bytesOf(host, 'b', file)).toEqual(await bytesOf(host, 'a', file))
  })

  test('has another setting from its round on, and leaves the first run as it was', async () => {
    const host = memoryEngineHost()
    const whole = await play(host, configOf(12), 'a')
    const before = await bytesOf(host, 'a', 'log')
    const configure = setting('method.learningRate', 0.001)
    const record = await (
      await forkedRun(host, { from: 'a', to: 'b', rounds: 7, configure })
    ).play()
    expect(record.status).toBe('finished')
    expect(record.stateHash).not.toBe(whole.stateHash)
    const rates = (await readRun(host, 'b')).rows.map(({ learningRate }) => learningRate)
    expect(new Set(rates.slice(0, 7))).toEqual(new Set([configOf(1).method.learningRate]))
    expect(new Set(rates.slice(7))).toEqual(new Set([0.001]))
    expect(await bytesOf(host, 'a', 'log')).toEqual(before)
    await expectVerified(host, 'a')
    await expectVerified(host, 'b')
  })

  test.each([0, 2, 4])('leaves nothing where the disk is full after %d files', async (room) => {
    const host = memoryEngineHost()
    await play(host, configOf(3), 'a')
    const fork = { from: 'a', to: 'b', rounds: 2, configure: (config: RunConfig) => config }
    await expect(forkedRun(filledHost(host, room), fork)).rejects.toThrow('full')
    expect(await host.files.kind('b')).toBeUndefined()
  })

  test('is written over no other run', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(3), 'a')
    const fork = { from: 'a', to: 'a', rounds: 2, configure: (config: RunConfig) => config }
    await expect(forkedRun(host, fork)).rejects.toMatchObject({ code: 'RUN_EXISTS' })
    await expectVerified(host, 'a')
  })

  test('refuses what a log can not tell, and rounds that there are not', async () => {
    const host = memoryEngineHost()
    await play(host, configOf(3), 'a')
    const refused = (rounds: number, configure: (config: RunConfig) => RunConfig) =>
      expect(forkedRun(host, { from: 'a', to: 'b', rounds, configure })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      })
    await refused(2, setting('method.perturbations', 9))
    await refused(2, setting('federation.clients', 50))
    await refused(2, setting('federation.rounds', 1))
    await refused(4, (config) => config)
    await refused(-1, (config) => config)
    await refused(0.5, (config) => config)
    expect(await host.files.kind('b')).toBeUndefined()
  })
})
