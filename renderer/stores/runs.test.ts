/** Open runs over a fake engine: live rounds, gaps, ends, and one frame for many rounds. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeEngine, type FakeEngine } from '../testing/fakeEngine.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useNotices } from './notices.ts'
import { timeLeft } from './openRun.ts'
import { setPorts } from './ports.ts'
import { useRuns } from './runs.ts'

let engine: FakeEngine

function connected() {
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  const runs = useRuns()
  runs.connect()
  return runs
}

beforeEach(() => {
  engine = createFakeEngine({ roundMs: 0, pastRuns: 2 })
})

async function started() {
  const runs = connected()
  const folder = (await runs.start(fakeConfig()))!
  return { runs, folder, run: runs.open.get(folder)!, player: engine.runs.get(folder)! }
}
const aFrame = () => new Promise((resolve) => setTimeout(resolve, 40))

describe('a live run', () => {
  it('grows by the rounds that are told, and its version once per frame', async () => {
    const { run, player } = await started()
    expect(run.state).toBe('running')
    await aFrame()
    const before = run.version
    for (let round = 0; round < 300 && player.isLive; round++) player.step()
    expect(run.rounds).toBe(200)
    await aFrame()
    expect(run.version).toBe(before + 1)
    const series = run.series.view()
    expect(series.round.length).toBe(200)
    expect(series.round[199]).toBe(200)
    expect(Number.isNaN(series.testLoss[0])).toBe(true)
  })

  it('can be paused, stepped and stopped', async () => {
    const { runs, folder, run, player } = await started()
    await runs.control(folder, 'pause')
    expect(run.state).toBe('paused')
    await runs.control(folder, 'step')
    expect(player.rows.length).toBe(1)
    await runs.control(folder, 'stop')
    expect(run.state).toBe('stopped')
    expect(runs.live).toEqual([])
  })

  it('is resumed once, however often that is pressed', async () => {
    const { runs, folder } = await started()
    await runs.control(folder, 'stop')
    const both = [runs.resume(folder), runs.resume(folder)]
    expect(await Promise.all(both)).toEqual([true, true])
    expect(engine.asked.filter(({ name }) => name === 'resumeRun')).toHaveLength(1)
  })

  it('says how far it came while its rows are still to be read', async () => {
    const { run, folder, player } = await started()
    const record = { ...player.record, status: 'finished' as const, rounds: 200 }
    engine.tell({ folder, event: { type: 'ended', record } })
    expect([run.series.rounds, run.rounds]).toEqual([0, 200])
  })

  it('is read again when rounds are missing', async () => {
    const { run, player } = await started()
    player.step()
    for (let round = 0; round < 5; round++)
      engine.runs.get(run.folder)!.rows.push({ ...player.rows[0]!, round: round + 2 })
    player.step()
    await aFrame()
    expect(run.series.length).toBe(7)
  })

  it('loses no round that is told while those missing before it are read', async () => {
    const { run, player } = await started()
    player.step()
    const row = player.rows[0]!
    const tell = (round: number) =>
      engine.tell({
        folder: run.folder,
        event: { type: 'roundCompleted', row: { ...row, round } },
      })
    for (let round = 2; round <= 5; round++) player.rows.push({ ...row, round })
    tell(5)
    // The reading has been asked for, and knows nothing of what comes now.
    for (let round = 6; round <= 8; round++) tell(round)
    await aFrame()
    expect(run.series.rounds).toBe(8)
  })

  it('takes a round that it knows already for the same round', async () => {
    const { run, player } = await started()
    player.step()
    engine.tell({ folder: run.folder, event: { type: 'roundCompleted', row: player.rows[0]! } })
    expect(run.rounds).toBe(1)
  })

  it('tells the time that is left by the pace of its last rounds', async () => {
    const { run, player } = await started()
    expect(timeLeft(run)).toBeUndefined()
    for (let round = 0; round < 100; round++) player.step()
    expect(timeLeft(run)).toBeCloseTo(100 * 60)
  })

  it('keeps what was changed while it ran', async () => {
    const { runs, folder, run } = await started()
    await runs.changeSetting(folder, 'learningRate', 0.5)
    expect(run.changes).toEqual([{ round: 0, setting: 'learningRate', value: 0.5 }])
  })

  it('says calmly why it failed', async () => {
    const { run, player } = await started()
    const record = {
      ...player.record,
      status: 'failed' as const,
      error: { code: 'LOSS_NOT_FINITE', message: 'the loss is NaN' },
    }
    engine.tell({ folder: run.folder, event: { type: 'ended', record } })
    expect(run.state).toBe('failed')
    expect(useNotices().list.at(-1)).toMatchObject({ tone: 'bad', text: 'The loss is NaN' })
  })
})

describe('a past run', () => {
  it('looks like a live one', async () => {
    const runs = connected()
    const folder = [...engine.runs.keys()][0]!
    const run = await runs.load(folder)
    expect(run.state).toBe('finished')
    expect(run.series.length).toBe(300)
  })

  it('is not read twice at once', async () => {
    const runs = connected()
    const folder = [...engine.runs.keys()][0]!
    await Promise.all([runs.load(folder), runs.load(folder)])
    expect(engine.asked.filter(({ name }) => name === 'readRun').length).toBe(1)
  })

  it('that no process plays though it says so is interrupted', async () => {
    const runs = connected()
    const folder = [...engine.runs.keys()][0]!
    engine.runs.get(folder)!.end('running')
    expect((await runs.load(folder)).state).toBe('interrupted')
  })
})

it('a run that cannot start leaves a notice with the remedy', async () => {
  engine = createFakeEngine({
    answers: {
      startRun: () => {
        throw Object.assign(new Error(), { what: 'the disk is full', remedy: 'Free some space' })
      },
    },
  })
  const runs = connected()
  expect(await runs.start(fakeConfig())).toBeUndefined()
  expect(useNotices().list.at(-1)?.text).toBe('The disk is full. Free some space')
})
