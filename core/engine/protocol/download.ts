/** A download from the hub, as it is asked for and answered: plain data. */
import type { RepositoryKind } from '../../hub/index.ts'

/** The subject of a download. */
export interface DownloadRequest {
  readonly kind: RepositoryKind
  /** owner/name */
  readonly id: string
  /** A branch, a tag or a commit; main by default. */
  readonly revision?: string
  /** For a model: the ONNX file, if there are several. For a dataset: the configuration. */
  readonly part?: string
}

export interface Downloaded {
  /** The value for `task.model` or `task.dataset`. */
  readonly reference: string
  /** Its path: a folder, or a dataset's single file. */
  readonly path: string
  readonly commit: string
  readonly files: readonly string[]
  readonly bytes: number
  /** Incomplete, because it was cancelled; everything that has arrived is kept. */
  readonly isCancelled: boolean
  readonly notices: readonly string[]
}
