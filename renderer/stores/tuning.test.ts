/** A search of learning rates over a fake engine: what is there, progress, cancel, use. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { planTuning } from '../../core/config/index.ts'
import type { Tuning, TuningRequest } from '../../core/engine/index.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeEngine, type FakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { setPorts } from './ports.ts'
import { useRuns } from './runs.ts'
import { useTuning } from './tuning.ts'
import { useWorkspace } from './workspace.ts'

const config = fakeConfig({})
const settings = { learningRates: [0.01, 0.02], halvings: 1 }
const request: TuningRequest = { configs: [config], settings, library: '/runs' }
const { rungs, candidates } = planTuning([config], settings)

function tuningAt(share: number): Tuning {
  const tried = candidates[0]!.map((candidate, index) => ({
    ...candidate,
    losses: [2 - index, ...(share === 1 && index === 1 ? [0.5] : [])],
  }))
  const best = share === 1 ? tried[1] : undefined
  return {
    rungs,
    share,
    methods: [{ config, candidates: tried, isOver: share === 1, best, isAtEdge: true }],
  }
}

let engine: FakeEngine
let clock = 0
let resolve: (tuning: Tuning) => void
let reject: (error: Error) => void

beforeEach(() => {
  clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  const answer = new Promise<Tuning>((settle, fail) => ([resolve, reject] = [settle, fail]))
  engine = createFakeEngine({
    answers: {
      readTuning: () => tuningAt(0.25),
      tune: () => answer,
      cancelTuning: () => resolve(tuningAt(0.5)),
    },
  })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  engine.connect()
})

describe('a search of learning rates', () => {
  it('shows what is there of it, and the time that is left by what was played since', async () => {
    const tuning = useTuning()
    await tuning.look(request)
    expect(tuning.share).toBe(0.25)
    const ended = tuning.start(request)
    engine.tell({ searched: 0.25 })
    clock += 6000
    engine.tell({ searched: 0.5, found: tuningAt(0.5) })
    expect(tuning.found!.share).toBe(0.5)
    expect(tuning.msLeft).toBe(12_000)
    resolve(tuningAt(1))
    await ended
    expect([tuning.isRunning, tuning.isOver]).toEqual([false, true])
  })

  it('that was cancelled keeps what it knows', async () => {
    const tuning = useTuning()
    const ended = tuning.start(request)
    await tuning.cancel()
    await ended
    expect([tuning.isRunning, tuning.isCancelling, tuning.share]).toEqual([false, false, 0.5])
    expect(tuning.isOver).toBe(false)
  })

  it('that failed says why', async () => {
    const tuning = useTuning()
    reject(new Error('no such dataset'))
    await tuning.start(request)
    expect([tuning.error, tuning.isRunning]).toEqual(['No such dataset', false])
  })

  it('puts what it found into the form, as one step back', async () => {
    const tuning = useTuning()
    resolve(tuningAt(1))
    await tuning.start(request)
    const draft = useDraft()
    const before = draft.input
    tuning.use(tuning.found!.methods[0]!)
    expect(draft.at('method')).toEqual(candidates[0]![1]!.config.method)
    expect(draft.at('evaluation')).toEqual((before as { evaluation?: unknown }).evaluation)
    expect(useWorkspace().view).toBe('configure')
    draft.undo()
    expect(draft.input).toEqual(before)
  })

  it('plays the best of every method, evaluated as its config says', async () => {
    const tuning = useTuning()
    resolve(tuningAt(1))
    await tuning.start(request)
    await tuning.playBest()
    const started = engine.asked.filter(({ name }) => name === 'startRun')
    expect(started.map(({ argument }) => (argument as { config: unknown }).config)).toMatchObject([
      { evaluation: config.evaluation, method: { learningRate: 0.02 } },
    ])
    // One alone has nothing to be compared with.
    expect(useWorkspace().view).toBe('watch')
  })
})
