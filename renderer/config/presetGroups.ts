/** Presets by what they are about, from what their configs say. */
import { factsOfTask, hasSamples, type RunConfig } from '../../core/config/index.ts'
import { presets, type Preset } from './presets.ts'

/** Which picture stands for a preset. */
export type PresetPicture = 'images' | 'columns' | 'texts' | 'valley'

export interface PresetGroup {
  readonly title: string
  readonly presets: readonly Preset[]
}

/** Bundled datasets of images; the others are tables. */
const imageSets: ReadonlySet<string> = new Set(['mnist', 'fashion-mnist'])

/** A first run, what FedAvg would send for the same, and a task in which the Hessian decides. */
const beginnings: ReadonlySet<string> = new Set(['quickstart', 'three-ways', 'own-units'])

const groups: readonly {
  readonly title: string
  readonly holds: (preset: Preset, config: RunConfig) => boolean
}[] = [
  { title: 'Begin here', holds: ({ name }) => beginnings.has(name) },
  { title: 'Side by side', holds: ({ others }) => others.length > 0 },
  {
    title: 'When clients fail or lie',
    holds: (_, { federation }) => federation.dropout > 0 || federation.attack.kind !== 'none',
  },
  { title: 'Images', holds: (_, config) => pictureOf(config) === 'images' },
  { title: 'Tables', holds: (_, config) => pictureOf(config) === 'columns' },
  { title: 'Language models', holds: (_, config) => pictureOf(config) === 'texts' },
  { title: 'Theory', holds: (_, config) => pictureOf(config) === 'valley' },
]

/** Each preset in the first group that it belongs to; those that do not validate in the last. */
export function presetGroups(): PresetGroup[] {
  const left = new Set(presets)
  const filled = groups.map(({ title, holds }) => {
    const own = [...left].filter((preset) => preset.config && holds(preset, preset.config))
    for (const preset of own) left.delete(preset)
    return { title, presets: own }
  })
  return [...filled, { title: 'Not for this version', presets: [...left] }].filter(
    (group) => group.presets.length > 0,
  )
}

export function pictureOf({ task }: RunConfig): PresetPicture {
  if (factsOfTask(task).hasTexts) return 'texts'
  if (!hasSamples(task)) return 'valley'
  return imageSets.has(task.dataset) ? 'images' : 'columns'
}
