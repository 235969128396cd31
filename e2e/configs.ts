/** Configs of runs that are real and short: MNIST, a small network, ONNX Runtime, worker threads. */
import { runConfigSchema, type RunConfig } from '../core/config/index.ts'

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
