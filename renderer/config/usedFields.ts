/** Which fields matter in a config: some only to some tasks, models or datasets. */
import { builtInModels, factsOfKind } from '../../core/config/index.ts'
import { getAt } from './paths.ts'

/** Bundled datasets by their folders, as `hiso` finds them. */
const datasets = Object.keys(import.meta.glob('../../resources/datasets/*/dataset.json')).map(
  (path) => path.split('/').at(-2)!,
)

/** Names that a text field takes besides a path, so that they can be offered. */
export const offeredNames: Readonly<Record<string, readonly string[]>> = {
  'task.dataset': datasets,
  'task.model': builtInModels,
}

/** Fields, and groups of them, that only some tasks, models or datasets use. */
const matters: Readonly<Record<string, (input: unknown) => boolean>> = {
  'task.hidden': (input) => getAt(input, 'task.model') === 'mlp',
  'task.trainable': (input) =>
    !offeredNames['task.model']!.includes(String(getAt(input, 'task.model'))),
  'task.labelColumn': hasOwnDataset,
  'task.testShare': hasOwnDataset,
  split: hasSamples,
  'federation.batchSize': hasSamples,
  'evaluation.samples': hasSamples,
  'compute.provider': hasSamples,
  'compute.layout': (input) => factsOf(input)?.hasLayouts === true,
}

/**
 * An analytic quadratic is a formula: there is nothing to split, to batch or to run on a device.
 */
function hasSamples(input: unknown): boolean {
  return factsOf(input)?.hasSamples !== false
}

const factsOf = (input: unknown) => factsOfKind(getAt(input, 'task.kind'))

function hasOwnDataset(input: unknown): boolean {
  return !offeredNames['task.dataset']!.includes(String(getAt(input, 'task.dataset')))
}

export function isUsed(path: string, input: unknown): boolean {
  return Object.entries(matters).every(
    ([part, isUsedBy]) => (path !== part && !path.startsWith(`${part}.`)) || isUsedBy(input),
  )
}
