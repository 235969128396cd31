/** Run files from elsewhere: what one holds, and the model that it rebuilds. */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import { readPackedModel, type RunRecord } from '../../runs/index.ts'
import type { ModelForm } from '../../tasks/index.ts'
import { rebuildMailedModel, type MailedModel } from './mailedModel.ts'
import type { RebuildProgress } from './rebuildState.ts'

export interface RunFileReport {
  readonly path: string
  readonly bytes: number
  readonly config: RunConfig
  readonly record: RunRecord
  /** Rounds of its log. */
  readonly rounds: number
  /**
   * Whether it holds the whole run, including its metrics, or only what determines the trained
   * model.
   */
  readonly isWholeRun: boolean
}

/** A rebuilt model as files, by name, with the outcome of the check. */
export interface RebuiltFile {
  readonly rounds: number
  /** d */
  readonly dim: number
  readonly stateHash: string
  /** Whether the run had recorded a hash to compare with. */
  readonly isVerified: boolean
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/** @throws HisoError RUN_CORRUPT, RUN_NEWER, FILE_UNREADABLE */
export async function describeRunFile(path: string, host: Host): Promise<RunFileReport> {
  const bytes = await host.files.read(path)
  const { config, record, log, isWholeRun } = readPackedModel(bytes, { where: path }, host)
  return { path, bytes: bytes.length, config, record, rounds: log.rounds, isWholeRun }
}

/** @throws HisoError RUN_CHANGED for another base model, and as `rebuildMailedModel` */
export async function rebuildRunFile(
  mailed: MailedModel,
  form: ModelForm,
  host: Host,
  progressed: (progress: RebuildProgress) => void,
): Promise<RebuiltFile> {
  const model = await rebuildMailedModel(
    host,
    await host.files.read(mailed.path),
    mailed,
    progressed,
  )
  const { rounds, dim, stateHash, isVerified } = model
  const files = Array.from(await model.files(form), ([name, bytes]) => ({ name, bytes }))
  return { rounds, dim, stateHash, isVerified, files }
}
