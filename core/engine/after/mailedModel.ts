/** A trained model from a run file, with a base model whose path may differ from the sender's. */
import { HisoError, type Host } from '../../base/index.ts'
import { factsOfTask, hasSamples } from '../../config/index.ts'
import { readPackedModel, type PackedModel } from '../../runs/index.ts'
import type { RebuildProgress } from './rebuildState.ts'
import { rebuildTrainedModel, type TrainedModel } from './trainedModel.ts'

/** A run file, and the path of its base model; by default the path in the run's config. */
export interface MailedModel {
  readonly path: string
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly isPartial?: boolean
  /** A path, or the name of a model that comes with the program. */
  readonly base?: string
}

/**
 * @throws HisoError RUN_CORRUPT, RUN_NEWER, FILE_UNREADABLE; MODEL_UNSUPPORTED for a task without a
 *   model
 */
export async function readMailedModel(
  host: Host,
  { path, base, isPartial = false }: MailedModel,
): Promise<PackedModel> {
  const bytes = await host.files.read(path)
  return withBase(readPackedModel(bytes, { where: path, isPartial }, host), path, base)
}

/**
 * @param bytes a run file, of a whole run or of its model
 * @param mailed its name, for messages, and the path (or name) of the model that the run began
 *   with; without one, what the run's config names
 * @param progressed see `rebuildState`
 * @throws HisoError RUN_CORRUPT, RUN_NEWER, and as `rebuildTrainedModel`
 */
export async function rebuildMailedModel(
  host: Host,
  bytes: Uint8Array,
  { path, base, isPartial = false }: MailedModel,
  progressed?: (progress: RebuildProgress) => void,
): Promise<TrainedModel> {
  const packed = withBase(readPackedModel(bytes, { where: path, isPartial }, host), path, base)
  return rebuildTrainedModel(host, packed, base ?? path, progressed)
}

function withBase(packed: PackedModel, where: string, base: string | undefined): PackedModel {
  const { config } = packed
  if (base === undefined) return packed
  if (!hasSamples(config.task))
    throw new HisoError('MODEL_UNSUPPORTED', {
      where,
      what: `the run's task is ${factsOfTask(config.task).title}: a formula, so there is no model to rebuild`,
      remedy: 'Its numbers can be had where the run is: hiso export RUN --format csv, or json',
    })
  return { ...packed, config: { ...config, task: { ...config.task, model: base } } }
}
