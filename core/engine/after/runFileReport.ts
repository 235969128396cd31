/** Run files that came from elsewhere: what is in one, and the model that it rebuilds. */
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
   * Whether it holds all of the run, its metrics too, or only what the trained model follows from.
   */
  readonly isWholeRun: boolean
}

/** A rebuilt model as files, by name, with what was found on the way. */
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
export async function describeRunFile(path: string, { files }: Host): Promise<RunFileReport> {
  const bytes = await files.read(path)
  const { config, record, log, isWholeRun } = readPackedModel(bytes, path)
  return { path, bytes: bytes.length, config, record, rounds: log.rounds, isWholeRun }
}

/** @throws HisoError RUN_CHANGED for another base model, and as `rebuildMailedModel` */
export async function rebuildRunFile(
  { path, base }: MailedModel,
  form: ModelForm,
  host: Host,
  progressed: (progress: RebuildProgress) => void,
): Promise<RebuiltFile> {
  const model = await rebuildMailedModel(host, await host.files.read(path), path, base, progressed)
  const { rounds, dim, stateHash, isVerified } = model
  const files = Array.from(await model.files(form), ([name, bytes]) => ({ name, bytes }))
  return { rounds, dim, stateHash, isVerified, files }
}
