/** A run on a simulated network: what its folder says of time, and that it can be resumed. */
import { expect, test } from 'vitest'
import { forkRun, readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { readParticipation, replayRun, Run, type EngineHost } from '../index.ts'

const config = quadraticConfig(
  'federation.rounds=12',
  'federation.dropout=0.1',
  'network.kind=lte',
  'devices.spread=3',
  'devices.availability=0.8',
  'devices.deadline=2.5',
)

async function play(host: EngineHost, folder: string, stopAt = Infinity) {
  const run = await Run.start(host, config, folder)
  run.listen((event) => {
    if (event.type === 'roundCompleted' && event.row.round === stopAt) run.stop()
  })
  return run.play()
}

const bytesOf = (host: EngineHost, path: string) => host.files.read(path)

test('a stopped run is taken up on the same clock, and its answers are checked by it', async () => {
  const host = memoryEngineHost()
  const { stateHash } = await play(host, 'whole')
  await play(host, 'stopped', 5)
  expect(await (await Run.resume(host, 'stopped')).play()).toMatchObject({ stateHash })
  expect(await replayRun(host, 'stopped')).toMatchObject({ stateHash, recordedHash: stateHash })
  for (const file of ['scalars.log', 'replies.log'])
    expect(await bytesOf(host, `stopped/${file}`)).toEqual(await bytesOf(host, `whole/${file}`))

  const [whole, stopped] = [await readRun(host, 'whole'), await readRun(host, 'stopped')]
  const clock = (rows: typeof whole.rows) =>
    rows.map(({ simulatedMs, late, broadcastBytes }) => [simulatedMs, late, broadcastBytes])
  expect(clock(stopped.rows)).toEqual(clock(whole.rows))
  expect(whole.rows.some(({ late }) => late! > 0)).toBe(true)
  const { participants, answering } = await readParticipation(host, 'whole', 0, 12)
  const { rows } = whole
  expect(answering.map(({ length }) => length)).toEqual(rows.map(({ answered }) => answered))
  expect(participants.map(({ length }) => length)).toEqual(rows.map((row) => row.participants))

  await forkRun(host, { from: 'whole', to: 'fork', rounds: 6 })
  expect(await (await Run.resume(host, 'fork')).play()).toMatchObject({ stateHash })
})

test('a run says what its network is to take before its first round', async () => {
  const run = await Run.start(memoryEngineHost(), config, 'a')
  const opened: unknown[] = []
  run.listen((event) => event.type === 'opened' && opened.push(event.network))
  await run.play()
  expect(opened).toEqual([{ secondsPerRound: expect.any(Number), lateShare: expect.any(Number) }])
})

test('without a network there is no clock, and metrics.csv has no column of one', async () => {
  const host = memoryEngineHost()
  const plain = quadraticConfig('federation.rounds=3')
  await (await Run.start(host, plain, 'a')).play()
  const text = new TextDecoder().decode(await host.files.read('a/metrics.csv'))
  expect(text).not.toContain('simulatedMs')
  expect((await readRun(host, 'a')).rows[0]!.simulatedMs).toBeUndefined()
})
