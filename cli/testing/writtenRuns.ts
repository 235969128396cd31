/** A small run for tests of the program, and what the program writes of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent } from '../../core/engine/index.ts'

export const quadraticConfig = (rounds: number) => ({
  name: 'test',
  task: { kind: 'quadratic', dim: 50, heterogeneity: 0.1, gradientNoise: 0.01 },
  federation: { clients: 6, participants: 3, rounds, dropout: 0.2 },
  method: { name: 'hiso', learningRate: 0.01, perturbations: 3 },
  evaluation: { every: 5 },
})

export const recordIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    status: string
    rounds: number
    stateHash?: string
  }

/** What `--json` prints, one event a line. */
export const eventsIn = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
