/** Runs to compare, with what they measured. */
import { parseRunConfig } from '../../core/config/index.ts'
import { metricColumns, type Columns } from '../../core/runs/index.ts'
import type { ComparedRun } from '../compare/grouping.ts'

export function run(method: 'hiso' | 'decomfl', seed: number, alpha = 1): ComparedRun {
  return {
    folder: `/runs/${method}-${alpha}-${seed}`,
    name: 'study',
    state: 'finished',
    config: parseRunConfig({
      name: 'study',
      task: { dataset: 'mnist', model: 'mlp' },
      split: { kind: 'dirichlet', alpha },
      method: { name: method },
      seed,
    }),
  }
}

/** Accuracy rises by `speed` per round, measured every second round. */
export function columnsOf(speed: number, rounds = 100): Columns {
  const columns = Object.fromEntries(
    metricColumns.map((column) => [column, new Float64Array(rounds)]),
  ) as unknown as Record<keyof Columns, Float64Array>
  for (let at = 0; at < rounds; at++) {
    columns.round[at] = at + 1
    columns.testAccuracy[at] = at % 2 === 1 ? Math.min(1, speed * (at + 1)) : NaN
    columns.cumulativeUplinkBytes[at] = 10 * (at + 1)
    columns.elapsedMs[at] = 5 * (at + 1)
  }
  return columns
}

/** Two seeds of two methods, one of which is twice as fast. */
export const runs = [run('hiso', 1), run('hiso', 2), run('decomfl', 1), run('decomfl', 2)]
const speeds: Readonly<Record<string, number>> = { hiso: 0.02, decomfl: 0.01 }
export const columns = new Map(
  runs.map(({ folder, config }) => [folder, columnsOf(speeds[config.method.name]!)]),
)
export const read = (folder: string) => columns.get(folder)
