/** Which fields a config uses: some serve only some tasks, models or datasets. */
import { builtInModels, factsAlong, runConfigSchema } from '../../core/config/index.ts'
import { getAt, isPlainObject } from './paths.ts'

/** Bundled datasets by their folders, as `hiso` finds them. */
const datasets = Object.keys(import.meta.glob('../../resources/datasets/*/dataset.json')).map(
  (path) => path.split('/').at(-2)!,
)

/** Names that a text field takes besides a path, so that they can be offered. */
export const offeredNames: Readonly<Record<string, readonly string[]>> = {
  'task.dataset': datasets,
  'task.model': builtInModels,
}

/** Whether the schema gives a field to the task that a config has, valid or not. */
export function isUsed(path: string, input: unknown): boolean {
  const task = getAt(input, 'task')
  const draft = isPlainObject(task) ? task : {}
  return factsAlong(runConfigSchema, path.split('.'), input).every(
    ({ usedBy }) => usedBy?.(draft, { datasets }) !== false,
  )
}
