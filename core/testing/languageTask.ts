/** A language task of few mails and a very small decoder, for tests of whole runs. */
import { writeFile } from 'node:fs/promises'
import { overrideConfig, parseRunConfig, type RunConfig } from '../config/index.ts'

/** So many mails, every other one spam, as JSON Lines at a path. */
export async function writeMails(path: string, count: number, spam: string): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) => ({
    subject: `Letter ${i}`,
    body: i % 2 === 0 ? spam : `See you on day ${i}`,
    label: i % 2 === 0 ? 'spam' : 'ham',
  }))
  await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'))
}

/** @param mails what `writeMails` wrote */
export function languageConfig(mails: string, overrides: readonly string[]): RunConfig {
  return parseRunConfig(
    overrideConfig(
      {
        name: 'language',
        task: {
          kind: 'language',
          model: 'opt-tiny',
          dataset: mails,
          template: 'spam',
          maxLength: 32,
          trainables: { kind: 'lora', rank: 2 },
        },
        federation: { clients: 4, participants: 2, rounds: 3, batchSize: 4 },
        method: { name: 'hiso', learningRate: 1e-3, perturbations: 2 },
        evaluation: { every: 3, samples: 8 },
        compute: { workers: 1 },
      },
      overrides,
    ),
  )
}
