/** Configs for rehearsed runs: a small study of two methods over seeds and concentrations. */
import { parseRunConfig, type RunConfig } from '../../core/config/index.ts'

export function fakeConfig(change: Record<string, unknown> = {}): RunConfig {
  return parseRunConfig({
    name: 'fashion study',
    task: { dataset: 'fashion-mnist', model: 'cnn-mnist' },
    split: { kind: 'dirichlet', alpha: 1 },
    federation: { clients: 8, participants: 2, rounds: 200 },
    method: { name: 'hiso', learningRate: 0.01 },
    ...change,
  })
}

export function pastConfigs(count: number): RunConfig[] {
  const alphas = [0.1, 1, 10]
  return Array.from({ length: count }, (_, index) =>
    fakeConfig({
      name: index % 5 === 4 ? 'quickstart' : 'fashion study',
      method: { name: index % 2 === 0 ? 'hiso' : 'decomfl', learningRate: 0.01 },
      split: { kind: 'dirichlet', alpha: alphas[Math.floor(index / 2) % 3] },
      federation: { clients: 8, participants: 4, rounds: 300 },
      seed: 365 + Math.floor(index / 6),
    }),
  )
}

/** P, or 0 for methods that try no random directions. */
export function perturbationsOf(method: RunConfig['method']): number {
  return 'perturbations' in method ? method.perturbations : 0
}
