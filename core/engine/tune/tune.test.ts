import { describe, expect, test } from 'vitest'
import { planTuning, roundsOf, type RunConfig } from '../../config/index.ts'
import { readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import type { EngineHost } from '../engineHost.ts'
import { tune, type Tuning, type TuningWatch } from './tune.ts'

const configs = ['decomfl', 'decomfl-implicit'].map((name) =>
  quadraticConfig(
    ...[`method.name=${name}`, 'federation.rounds=16', 'task.gradientNoise=0'],
    'federation.localSteps=1',
  ),
)
const settings = { learningRates: [0.001, 0.01, 0.1, 1e6], halvings: 2 }
const undisturbed: TuningWatch = {
  progressed: () => {},
  measured: () => {},
  isCancelled: () => false,
}

const search = (host: EngineHost, watch = undisturbed, of: readonly RunConfig[] = configs) =>
  tune(host, of, settings, 'search', watch)

const reached = ({ methods }: Tuning) =>
  methods.map(({ candidates }) => candidates.map(({ losses }) => losses.length))

describe('a search of learning rates', () => {
  test('compares after R/4, R/2 and R rounds, with equal rounds for every method', () => {
    const { rungs, candidates } = planTuning(configs, settings)
    expect(rungs).toEqual([4, 8, 16])
    expect(candidates.map((own) => own.length)).toEqual([4, 4])
    // 4 candidates to round 4, 2 to 8, 1 to 16.
    expect(roundsOf(rungs, 4)).toBe(16 + 8 + 8)
    expect(
      planTuning(configs, { ...settings, perturbations: [2, 8, 2] }).candidates[0],
    ).toHaveLength(8)
  })

  test('compares at rounds that are evaluated, whatever the number of rounds', async () => {
    for (const rounds of [1, 3, 17]) {
      const [config] = configs
      const odd = { ...config!, federation: { ...config!.federation, rounds } }
      const { rungs } = planTuning([odd], settings)
      expect(rungs.at(-1)).toBe(rounds)
      const host = memoryEngineHost()
      const small = { ...settings, learningRates: [0.001, 0.002, 0.003] }
      const { methods } = await tune(host, [odd], small, 'search', undisturbed)
      const losses = methods[0]!.candidates.flatMap((candidate) => candidate.losses)
      expect(losses.every(Number.isFinite), String(rounds)).toBe(true)
    }
    expect(planTuning(configs, { ...settings, halvings: 1e9 }).rungs).toEqual([1, 2, 4, 8, 16])
  })

  test('gives two variants of one method folders of their own', () => {
    const { candidates } = planTuning([configs[0]!, configs[0]!], settings)
    expect(new Set(candidates.flat().map(({ folder }) => folder)).size).toBe(8)
  })

  test('tells what is known after every loss, and that nothing is best before the end', async () => {
    const told: Tuning[] = []
    const tuning = await search(memoryEngineHost(), {
      ...undisturbed,
      measured: (known) => void told.push(known),
    })
    const losses = tuning.methods.flatMap(({ candidates }) => candidates.flatMap((it) => it.losses))
    expect(told).toHaveLength(losses.length)
    expect(told[0]!.methods.map(({ best, isOver }) => [best, isOver])).toEqual([
      [undefined, false],
      [undefined, false],
    ])
    expect(told.at(-1)).toEqual(tuning)
  })

  test('keeps the better half at each rung, and ends with the one whose loss is least', async () => {
    const tuning = await search(memoryEngineHost())
    expect(reached(tuning).map((own) => own.sort())).toEqual([
      [1, 1, 2, 3],
      [1, 1, 2, 3],
    ])
    for (const { best, candidates } of tuning.methods) {
      const last = Math.min(...candidates.map(({ losses }) => losses[2] ?? Infinity))
      expect(best!.losses[2]).toBe(last)
    }
    const [explicit, implicit] = tuning.methods
    expect(explicit!.best!.learningRate).toBeLessThan(1)
    expect(explicit!.candidates[3]!.losses).toEqual([Infinity])
    expect(implicit!.candidates[3]!.losses[0]).toBeLessThan(Infinity)
  })

  test('says that the best rate lies at the edge of what was tried', async () => {
    const host = memoryEngineHost()
    const narrow = { ...settings, learningRates: [0.001, 0.002, 0.01] }
    const { methods } = await tune(host, [configs[0]!], narrow, 'search', undisturbed)
    expect(methods[0]).toMatchObject({ best: { learningRate: 0.01 }, isAtEdge: true })
  })

  test('goes on after any stop, to the same result, playing nothing twice', async () => {
    const whole = await search(memoryEngineHost())
    const host = memoryEngineHost()
    let rounds = 0
    let cut: Tuning
    const shares: number[] = []
    do {
      let left = 7
      cut = await search(host, {
        measured: () => {},
        progressed: (share) => void shares.push(share),
        isCancelled: () => {
          if (left === 0) return true
          left--
          rounds++
          return false
        },
      })
    } while (cut.share < 1)
    expect(cut).toEqual(whole)
    expect(Math.max(...shares)).toBe(1)
    // Asked once before each piece of a run, and after each of its rounds.
    expect(rounds).toBeLessThan(2 * (32 + 14) + 20)
    const { rows } = await readRun(host, `search/${whole.methods[0]!.best!.folder}`)
    expect(rows).toHaveLength(16)
  })

  test('refuses the folder of another search', async () => {
    const host = memoryEngineHost()
    await search(host)
    const other = configs.map((config) => ({ ...config, seed: 99 }))
    await expect(search(host, undisturbed, other)).rejects.toMatchObject({ code: 'RUN_EXISTS' })
  })

  test('refuses methods of unequal rounds', () => {
    const longer = quadraticConfig('federation.rounds=17')
    expect(() => planTuning([...configs, longer], settings)).toThrow(/equal rounds, not 16 and 17/)
  })
})
