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
federation: { clients: 4, participants: 2, rounds: ${rounds} }
method: { name: hiso, learningRate: 0.05, perturbations: 4 }
evaluation: { every: 10 }
compute: { workers: 1 }
`
}

/** Mails that a few words tell apart, as JSON Lines. */
export function mailsText(rows = 64): string {
  const mails = Array.from({ length: rows }, (_, i) =>
    i % 2 === 0
      ? { subject: `Offer ${i}`, body: 'Win money now, click here to order', label: 'spam' }
      : { subject: `Meeting ${i}`, body: `See you at the office on day ${i}`, label: 'ham' },
  )
  return mails.map((mail) => JSON.stringify(mail)).join('\n')
}

/** The shipped decoder learns from such a file, for a moment. */
export function languageText(dataset: string): string {
  return `name: mails
task: { kind: language, model: opt-mail, dataset: ${JSON.stringify(dataset)}, template: spam, maxLength: 40, trainables: { kind: lora, rank: 4 } }
federation: { clients: 4, participants: 2, rounds: 4, batchSize: 4 }
method: { name: hiso, learningRate: 0.02, perturbations: 4 }
evaluation: { every: 2, samples: 8 }
compute: { workers: 1 }
`
}
