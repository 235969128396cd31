/** The plane shows the run's own path, played in memory or from its log. */
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../config/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { Run } from '../play/run.ts'
import { replayRun } from './replay.ts'
import { tracePlane } from './tracePlane.ts'

const configOf = (method: object, dim = 2) =>
  parseRunConfig({
    name: 'plane',
    task: { kind: 'quadratic', dim, spectrum: { kind: 'low-rank', largest: 50, rank: 1 } },
    federation: { clients: 3, participants: 2, rounds: 12, localSteps: 1 },
    method: { learningRate: 0.01, perturbations: 3, ...method },
  })

describe('the plane of a run', () => {
  it.each(['hiso', 'decomfl', 'fedavg', 'fedkseed'])(
    '%s: ends where the run ends',
    async (name) => {
      const config = configOf(name === 'fedavg' ? { name, perturbations: undefined } : { name })
      const host = memoryEngineHost()
      await (await Run.start(host, config, '/runs/a')).play()
      const { params } = await replayRun(host, '/runs/a')
      const stored = await tracePlane(host, config, '/runs/a')
      const played = await tracePlane(host, config)
      expect([...stored.path.slice(-2)]).toEqual([...params])
      expect(played).toEqual(stored)
      expect(stored.path).toHaveLength(2 * 13)
      expect(stored.curvature[0]).toBe(50)
    },
  )

  it('has the directions of the metric that the run has learned', async () => {
    const config = configOf({ name: 'hiso', hessian: { nu: 0.5 } })
    const { directions, hessian } = await tracePlane(memoryEngineHost(), config)
    const plain = await tracePlane(memoryEngineHost(), configOf({ name: 'decomfl' }))
    const round = 9
    for (let at = 0; at < 6; at++) {
      const metric = hessian[2 * round + (at % 2)]!
      const noise = plain.directions[round]![at]!
      expect(directions[round]![at]! * Math.sqrt(metric)).toBeCloseTo(noise, 4)
    }
  })

  it('is refused where the curvature is not known', async () => {
    const config = parseRunConfig({
      name: 'images',
      task: { dataset: 'mnist', model: 'softmax' },
      method: { name: 'hiso' },
    })
    await expect(tracePlane(memoryEngineHost(), config)).rejects.toThrow(
      /Choose a run on a quadratic/,
    )
  })
})
