/**
 * The two runs that the plane lays over each other: the same valley without a Hessian and with it.
 */
import { parseRunConfig, type RunConfig } from '../../../core/config/index.ts'

const perturbations = 4
const rounds = 60

/** @param condition how many times as steep the steep coordinate is */
export function planeConfigs(
  condition: number,
): { readonly name: string; readonly color: string; readonly config: RunConfig }[] {
  const valley = {
    task: {
      kind: 'quadratic',
      dim: 2,
      spectrum: { kind: 'low-rank', largest: condition, rank: 1, smallest: 1 },
    },
    federation: { clients: 2, participants: 2, localSteps: 1, rounds },
    seed: 11,
  }
  const method = { perturbations, mu: 0.1, estimator: 'central' }
  return [
    {
      name: 'DeComFL',
      color: 'chart-2',
      config: parseRunConfig({
        ...valley,
        name: 'plane-decomfl',
        // The largest rate that the steep coordinate stands: P / (L (d + P + 1)).
        method: {
          ...method,
          name: 'decomfl',
          learningRate: perturbations / (condition * (2 + perturbations + 1)),
        },
      }),
    },
    {
      name: 'HiSo',
      color: 'chart-1',
      config: parseRunConfig({
        ...valley,
        name: 'plane-hiso',
        method: {
          ...method,
          name: 'hiso',
          learningRate: 0.3,
          hessian: { estimate: 'second-difference', nu: 0.3, floor: 1e-9, warmUp: 8 },
        },
      }),
    },
  ]
}
