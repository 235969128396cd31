/** Models and texts from the hub, made ready for a config: `hf:owner/name`. */
import { HisoError } from '../../base/index.ts'
import {
  converted,
  download,
  formatReference,
  parseRepository,
  selectDataset,
  selectModel,
  type Download,
  type DatasetSelection,
  type DownloadWatch,
  type RepositoryKind,
} from '../../hub/index.ts'
import { inspectModel } from '../../model/index.ts'
import type { EngineHost } from '../engineHost.ts'

/** What a person wants to have. */
export interface DownloadRequest {
  readonly kind: RepositoryKind
  /** owner/name */
  readonly id: string
  /** A branch, a tag or a commit; left out: main. */
  readonly revision?: string
  /** Of a model: the ONNX file, where several are there. Of a dataset: the configuration. */
  readonly part?: string
}

export interface Downloaded {
  /** What `task.model` or `task.dataset` takes. */
  readonly reference: string
  /** Where it lies: a folder, or a dataset's single file. */
  readonly path: string
  readonly commit: string
  readonly files: readonly string[]
  readonly bytes: number
  /** Not all is there, because somebody has cancelled it; what has come is kept. */
  readonly isCancelled: boolean
  readonly notices: readonly string[]
}

/**
 * @throws HisoError HUB_…, FILE_UNWRITABLE; MODEL_… and DATA_… for repositories that hold nothing
 *   of use
 */
export function downloadFromHub(
  request: DownloadRequest,
  host: Pick<EngineHost, 'hub' | 'files'>,
  watch: DownloadWatch,
): Promise<Downloaded> {
  return request.kind === 'model'
    ? downloadModel(request, host, watch)
    : downloadDataset(request, host, watch)
}

async function downloadModel(
  { id, revision, part }: DownloadRequest,
  { hub, files }: Pick<EngineHost, 'hub' | 'files'>,
  watch: DownloadWatch,
): Promise<Downloaded> {
  const repository = parseRepository(id, 'model', revision)
  const subject = `model ${repository.id}`
  const found = await download(
    repository,
    (listed) => selectModel(listed, subject, part),
    hub,
    watch,
    // Older exporters give every tensor a file with a name of its own, which only the graph knows.
    async (snapshot, { graph }) => {
      const folder = graph.split('/').slice(0, -1)
      const bytes = await files.read(files.join(snapshot, ...graph.split('/')))
      return inspectModel(bytes).externalFiles.map((name) => [...folder, name].join('/'))
    },
  )
  const { inside } = found.chosen
  const hasTokenizer = found.chosen.files.some(({ name }) => name === 'tokenizer.json')
  return {
    ...resultOf(found, formatReference({ ...repository, inside })),
    path: found.snapshot,
    notices: hasTokenizer
      ? []
      : [
          'It comes without a tokenizer.json: task.tokenizer has to name one that belongs to the model.',
        ],
  }
}

async function downloadDataset(
  { id, revision, part }: DownloadRequest,
  { hub, files }: Pick<EngineHost, 'hub' | 'files'>,
  watch: DownloadWatch,
): Promise<Downloaded> {
  let repository = parseRepository(id, 'dataset', revision)
  const fetch = () =>
    download(
      repository,
      (listed) => selectDataset(listed, `dataset ${repository.id}`, part),
      hub,
      watch,
    )
  let found: Download<DatasetSelection>
  try {
    found = await fetch()
  } catch (error) {
    // Of datasets that are made by a script the hub keeps the rows on a branch of their own.
    const isScripted = error instanceof HisoError && error.code === 'DATA_INVALID'
    if (!isScripted || revision !== undefined) throw error
    repository = { ...repository, revision: converted.branch }
    found = await fetch().catch((second: unknown) => {
      throw second instanceof HisoError && second.code === 'HUB_NOT_FOUND' ? error : second
    })
  }
  const { inside } = found.chosen
  return {
    ...resultOf(found, formatReference({ ...repository, inside })),
    path: inside === '' ? found.snapshot : files.join(found.snapshot, ...inside.split('/')),
    notices: [],
  }
}

function resultOf(
  { chosen, commit, bytes, isCancelled }: Download<DatasetSelection>,
  reference: string,
) {
  return { reference, commit, files: chosen.files.map(({ name }) => name), bytes, isCancelled }
}
