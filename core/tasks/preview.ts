/** What a task's data and model are, before it is run; a kind that has no such part is refused. */
import { HisoError, type Host } from '../base/index.ts'
import { factsOfTask, type RunConfig, type TaskSettings } from '../config/index.ts'
import type { DatasetPreview } from '../data/index.ts'
import type { TextPreview } from './language/textPreview.ts'
import type { ModelPreview } from './modelPreview.ts'
import { taskOf } from './registry.ts'
import type { LabelledSamples } from './split.ts'

type TaskOnly = Pick<RunConfig, 'task'>

/** @throws HisoError DATA_…, MODEL_… */
export function previewModel(config: RunConfig, host: Host): Promise<ModelPreview> {
  return taskOf(config.task).preview.model(config, host)
}

/** The samples that a split deals out. @throws HisoError DATA_…; CONFIG_INVALID without samples */
export async function openSamples(
  { task, split }: Pick<RunConfig, 'task' | 'split'>,
  host: Host,
): Promise<LabelledSamples> {
  const samples = await taskOf(task).preview.samples?.(task, host, split)
  if (samples !== undefined) return samples
  throw lacks(
    task,
    'split',
    'has no samples to split: its clients are made from random streams',
    'Give the config of a run on data, for instance: hiso split mnist-hiso',
  )
}

/** @throws HisoError DATA_…; CONFIG_INVALID for a task whose samples are not numbers */
export async function previewNumbers({ task }: TaskOnly, host: Host): Promise<DatasetPreview> {
  const preview = await taskOf(task).preview.dataset?.(task, host)
  if (preview !== undefined) return preview
  throw lacks(task, 'task', 'has no dataset of numbers')
}

/** @throws HisoError CONFIG_INVALID for a task that learns from no texts */
export async function previewTexts(
  { task }: TaskOnly,
  host: Host,
  templateText?: string,
): Promise<TextPreview> {
  const preview = await taskOf(task).preview.texts?.(task, host, templateText)
  if (preview !== undefined) return preview
  throw lacks(task, 'task', 'learns from no texts')
}

function lacks(task: TaskSettings, where: string, what: string, remedy?: string): HisoError {
  const title = factsOfTask(task).title.toLowerCase()
  return new HisoError('CONFIG_INVALID', {
    where,
    what: `a ${title} task ${what}`,
    ...(remedy !== undefined && { remedy }),
  })
}
