/** A trained model that came as a run file, with a base model that may lie elsewhere than where the sender had it. */
import { HisoError, type Host } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import { readPackedModel } from '../runs/index.ts'
import { rebuildTrainedModel, type TrainedModel } from './trainedModel.ts'

/**
 * @param bytes a run file, of a whole run or of its model
 * @param where its name, for messages
 * @param base the path (or name) of the model that the run began with; if left out, what the run's config names
 * @throws HisoError RUN_CORRUPT, RUN_NEWER, and as `rebuildTrainedModel`
 */
export async function rebuildMailedModel(
  host: Host,
  bytes: Uint8Array,
  where: string,
  base?: string,
): Promise<TrainedModel> {
  const packed = readPackedModel(bytes, where)
  if (base === undefined) return rebuildTrainedModel(host, packed, where)
  return rebuildTrainedModel(
    host,
    { ...packed, config: withBase(packed.config, base, where) },
    base,
  )
}

function withBase(config: RunConfig, base: string, where: string): RunConfig {
  if (config.task.kind === 'quadratic')
    throw new HisoError('MODEL_UNSUPPORTED', {
      where,
      what: 'a quadratic objective is a formula, there is no model to rebuild',
    })
  return { ...config, task: { ...config.task, model: base } }
}
