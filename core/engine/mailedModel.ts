/** A trained model from a run file and the model that the run began with: no data, no runtime, only the log applied to a replica. */
import { HisoError, type Host } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import { readPackedModel } from '../runs/index.ts'
import { openBaseModel, type ModelFiles, type ModelForm } from './baseModel.ts'
import { rebuildState } from './rebuildState.ts'

export interface MailedModel {
  readonly config: RunConfig
  readonly rounds: number
  /** d */
  readonly dim: number
  /** Of the rebuilt state: the one that the run recorded, or this is not returned. */
  readonly stateHash: string
  /** Whether the run had recorded one to compare with. */
  readonly isVerified: boolean
  /** The trained model in this form. @throws HisoError MODEL_UNSUPPORTED where the run has no such form */
  files(form: ModelForm): Promise<ModelFiles>
}

/**
 * @param bytes a run file, of a whole run or of its model
 * @param where its name, for messages
 * @param base the path (or name) of the model that the run began with; if left out, what the run's config names
 * @throws HisoError RUN_CORRUPT, RUN_NEWER, MODEL_…; RUN_CHANGED when the base model is another one, or the state comes out differently
 */
export async function rebuildMailedModel(
  host: Host,
  bytes: Uint8Array,
  where: string,
  base?: string,
): Promise<MailedModel> {
  const { config: own, record, log } = readPackedModel(bytes, where)
  const config = base === undefined ? own : withBase(own, base, where)
  const model = await openBaseModel(config, host)
  if (model.fingerprint !== record.fingerprints.model)
    throw new HisoError('RUN_CHANGED', {
      where: base ?? where,
      what: `this is not the model that the run began with: its fingerprint is ${model.fingerprint.slice(0, 12)}…, and the run's ${record.fingerprints.model.slice(0, 12)}…`,
      remedy: 'Give the base model that the sender has used, with its tokenizer',
    })
  const { params, stateHash } = rebuildState(
    config,
    log,
    model.trainables,
    model.initialParams(),
    host,
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
    files: (form) => model.files(params, form),
  }
}

function withBase(config: RunConfig, base: string, where: string): RunConfig {
  if (config.task.kind === 'quadratic')
    throw new HisoError('MODEL_UNSUPPORTED', {
      where,
      what: 'a quadratic objective is a formula, there is no model to rebuild',
    })
  return { ...config, task: { ...config.task, model: base } }
}
