/** Configs of runs that are real and short. */
import { runConfigSchema, type RunConfig } from '../core/config/index.ts'

/** MNIST, a small network, ONNX Runtime, worker threads. */
export function mnistRun(rounds: number, workers = 1): RunConfig {
  return runConfigSchema.parse({
    name: 'MNIST, small',
    task: { kind: 'classification', dataset: 'mnist', model: 'mlp', hidden: [16] },
    federation: { clients: 8, participants: 4, rounds, batchSize: 8 },
    method: { name: 'hiso' },
    evaluation: { every: 50, samples: 100 },
    compute: { workers },
  })
}

/** The same as a config file. */
export function mnistText(rounds: number): string {
  return `name: digits
task: { dataset: mnist, model: softmax }
split: { kind: dirichlet, alpha: 0.5 }
federation: { clients: 8, participants: 4, rounds: ${rounds}, batchSize: 8 }
method: { name: hiso, learningRate: 0.005, perturbations: 4 }
evaluation: { every: 10, samples: 200 }
compute: { workers: 1 }
`
}

/** Thousands of rounds a second: no data, no model, the same log and messages. */
export function quadraticText(rounds: number, dim = 100): string {
  return `name: valley
task: { kind: quadratic, dim: ${dim}, spectrum: { kind: low-rank, largest: 1, rank: 4, smallest: 0.01 } }
federation: { clients: 4, participants: 2, rounds: ${rounds}, batchSize: 1 }
method: { name: hiso, learningRate: 0.05, perturbations: 4 }
evaluation: { every: 10 }
compute: { workers: 1 }
`
}
