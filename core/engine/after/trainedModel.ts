/**
 * A run's trained model from its log and its initial model: no data, no runtime, only the log
 * applied to a replica.
 */
import { HisoError, type Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import type { PackedModel } from '../../runs/index.ts'
import { taskOf, type ModelFiles, type ModelForm } from '../../tasks/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import { rebuildState, type RebuildProgress } from './rebuildState.ts'

/** What helps where another base model was given. */
export const giveBase = 'Give the base model that the run has used, with its tokenizer'

export interface TrainedModel {
  readonly config: RunConfig
  readonly rounds: number
  /** d */
  readonly dim: number
  /**
   * The hash of the rebuilt state; it always equals the recorded one, otherwise nothing is
   * returned.
   */
  readonly stateHash: string
  /** Whether the run had recorded a hash to compare with. */
  readonly isVerified: boolean
  /**
   * The trained model in this form. @throws HisoError MODEL_UNSUPPORTED where the run has no such
   * form
   */
  files(form: ModelForm, options?: { readonly isBare?: boolean }): Promise<ModelFiles>
}

/**
 * @param where the run or its file, for messages
 * @param progressed see `rebuildState`
 * @throws HisoError MODEL_…, DATA_…; RUN_CHANGED when the base model is another one, or the state
 *   comes out differently
 */
export async function rebuildTrainedModel(
  host: Host,
  { config, record, log }: PackedModel,
  where: string,
  progressed?: (progress: RebuildProgress) => void,
): Promise<TrainedModel> {
  const model = await taskOf(config.task).baseModel(config, host)
  checkFingerprints(record, { model: model.fingerprint }, where, giveBase)
  const { params, stateHash } = await rebuildState(
    config,
    log,
    model.trainables,
    model.initialParams(),
    host,
    progressed,
  )
  const isVerified = record.stateHash !== undefined && record.rounds === log.rounds
  if (isVerified && stateHash !== record.stateHash)
    throw new HisoError('RUN_CHANGED', {
      where,
      what: `the rebuilt state has the hash ${stateHash.slice(0, 12)}…, and the run recorded ${record.stateHash!.slice(0, 12)}…`,
      remedy:
        'Ask for the file again; if that does not help, report it: replay must give the same bits',
    })
  return {
    config,
    rounds: log.rounds,
    dim: model.dim,
    stateHash,
    isVerified,
    files: (form, options) => model.files(params, form, { ...options, recorded: record }),
  }
}
