import { describe, expect, test } from 'vitest'
import { HisoError } from '../../base/index.ts'
import { readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import {
  answerViews,
  curvatureCsv,
  curvatureDefaults,
  Engine,
  examineCurvature,
  Run,
  type CurvatureSettings,
  type EngineEvent,
  type EngineHost,
} from '../index.ts'

const config = quadraticConfig('federation.rounds=30', 'method.hessian.nu=0.1')
const unwatched = { progressed: () => {}, isCancelled: () => false }

async function played(of = config): Promise<EngineHost> {
  const host = memoryEngineHost()
  await (await Run.start(host, of, 'run')).play()
  return host
}

const settings = (changes: Partial<CurvatureSettings> = {}): CurvatureSettings => ({
  ...curvatureDefaults,
  ...changes,
})

describe('the curvature of a stored run', () => {
  test('is looked at in the states that the run went through', async () => {
    const host = await played()
    const { worker } = await host.startWorker(config)
    await worker.apply((await readRun(host, 'run')).log.since(0))
    const hessian = await worker.hessian()
    const report = await examineCurvature(
      host,
      'run',
      settings({ rounds: ['last', 0, 30] }),
      unwatched,
    )
    expect(report).toMatchObject({ dim: 101, samples: undefined, isComplete: true })
    expect(report.rounds.map(({ round }) => round)).toEqual([0, 30])
    const [first, last] = report.rounds
    expect(first!.verdict.kind).toBe('not-learned')
    expect(last!.learned.mean).toBeCloseTo(hessian.reduce((sum, value) => sum + value, 0) / 101, 10)
    const { index, learned, truth } = last!.scatter
    index.forEach((j, i) => {
      expect(learned[i]).toBe(hessian[j])
      // The task's spectrum: the power law 1/j.
      expect(truth[i]).toBeCloseTo(1 / (j + 1), 12)
    })
    // κ and ζ of H = 1 of that law: the harmonic number.
    const harmonic = Array.from({ length: 101 }, (_, j) => 1 / (j + 1)).reduce((a, b) => a + b, 0)
    expect(last!.effectiveRank).toBeCloseTo(harmonic, 4)
    expect(last!.metrics.find(({ metric }) => metric === 'identity')!.whiteningRank.value).toBe(
      last!.trace.value,
    )
    expect(last!.noise.relative).toBeGreaterThan(0)
    const rows = curvatureCsv(report).trimEnd().split('\n')
    expect(rows[0]).toBe('round,quantity,of,value,error')
    expect(rows.every((row) => row.split(',').length === 5)).toBe(true)
    expect(rows).toContain(`30,trace,,${last!.trace.value},`)
  })

  test.each(['fedavg', 'scaffold', 'fedzo'])(
    'of %s is the truth alone, in the states that the model was in',
    async (name) => {
      const of = quadraticConfig(
        'federation.rounds=30',
        `method={ name: ${name}, learningRate: 0.02 }`,
      )
      const host = await played(of)
      const asked = settings({ rounds: [0, 'last'] })
      const { rounds } = await examineCurvature(host, 'run', asked, unwatched)
      const [first, last] = rounds
      expect(last!.loss).toBeLessThan(first!.loss)
      expect(last!.verdict.kind).toBe('not-learned')
      expect(last!.noise.relative).toBe(0)
      expect(last!.scatter.index.length).toBeGreaterThan(0)
      last!.scatter.index.forEach((j, i) =>
        expect(last!.scatter.truth[i]).toBeCloseTo(1 / (j + 1), 12),
      )
      expect(last!.metrics.map(({ metric }) => metric)).toEqual(['identity', 'diagonal'])
      expect(last).toMatchObject({ perturbations: 5, mu: 0.001 })
    },
  )

  test('of a run that still goes on takes what is there', async () => {
    const host = memoryEngineHost()
    const run = await Run.start(host, config, 'run')
    let report: ReturnType<typeof examineCurvature> | undefined
    run.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 9)
        report = examineCurvature(host, 'run', settings(), unwatched)
    })
    await run.play()
    const [at] = (await report!).rounds
    expect(at!.round).toBeGreaterThanOrEqual(8)
    expect(at!.round).toBeLessThan(30)
  })

  test.each([
    [{ rounds: [31] }, /no state after round 31: the run holds 30/],
    [{ probes: 1 }, /1 is not a number of probes/],
    [{ samples: 0 }, /0 is not a number of samples/],
  ])('refuses %o', async (changes, message) => {
    const host = await played()
    const answer = examineCurvature(host, 'run', settings(changes), unwatched)
    await expect(answer).rejects.toThrow(message)
    await expect(answer).rejects.toBeInstanceOf(HisoError)
  })

  test('of a run that is not there, or whose task has changed, says so', async () => {
    const host = await played()
    await expect(examineCurvature(host, 'gone', settings(), unwatched)).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    })
    const path = 'run/config.yaml'
    const text = new TextDecoder().decode(await host.files.read(path))
    await host.files.write(
      path,
      new TextEncoder().encode(text.replace('exponent: 1', 'exponent: 2')),
    )
    await expect(examineCurvature(host, 'run', settings(), unwatched)).rejects.toMatchObject({
      code: 'RUN_CHANGED',
    })
  })

  test('tells how far it is, and stops when it is asked to', async () => {
    // Every look at the clock is a second later, so that each evaluation is told.
    const still = await played()
    let now = 0
    const host: EngineHost = {
      ...still,
      now: () => (now += 1000),
      openViews: (emit) => answerViews(host, emit),
    }
    const events: EngineEvent[] = []
    const engine = new Engine(host, (event) => {
      events.push(event)
      if (events.length === 5) void engine.request('cancelCurvature', { folder: 'run' })
    })
    const asked = { folder: 'run', settings: settings({ rounds: [10, 20] }) }
    const cancelled = await engine.request('examineCurvature', asked)
    expect(cancelled).toMatchObject({ isComplete: false, rounds: [] })
    expect(events).toHaveLength(5)
    events.length = 0
    const shares: number[] = []
    const listening = new Engine(host, (told) => {
      if ('folder' in told && told.event.type === 'curvatureProgressed')
        shares.push(told.event.share)
    })
    expect(await listening.request('examineCurvature', asked)).toMatchObject({ isComplete: true })
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBeLessThanOrEqual(1)
  })
})
