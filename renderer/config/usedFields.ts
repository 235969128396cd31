/** Which fields a config uses: some serve only some tasks, models or datasets. */
import {
  builtInModels,
  factsAlong,
  getAt,
  isPlainObject,
  runConfigSchema,
} from '../../core/config/index.ts'

/** Bundled datasets by their folders, as `hiso` finds them: of images, or a table. */
const described = import.meta.glob<{ readonly table?: string }>(
  '../../resources/datasets/*/dataset.json',
  { eager: true, import: 'default' },
)
const nameOf = (path: string) => path.split('/').at(-2)!
const datasets = Object.keys(described).map(nameOf)
export const bundledNames = {
  imageSets: Object.keys(described)
    .filter((path) => described[path]!.table === undefined)
    .map(nameOf),
}

/** Names that a text field takes besides a path, so that they can be offered. */
export const offeredNames: Readonly<Record<string, readonly string[]>> = {
  'task.dataset': datasets,
  'task.model': builtInModels,
}

/** Whether the schema gives a field to the task and the choices that a config has, valid or not. */
export function isUsed(path: string, input: unknown): boolean {
  const config = isPlainObject(input) ? input : {}
  const task = getAt(input, 'task')
  const draft = isPlainObject(task) ? task : {}
  return factsAlong(runConfigSchema, path.split('.'), input).every(
    ({ usedBy }) => usedBy?.is(draft, bundledNames, config) !== false,
  )
}
