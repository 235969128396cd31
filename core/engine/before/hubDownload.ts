/** Downloads models and texts from the hub and prepares them for a config: `hf:owner/name`. */
import { HisoError } from '../../base/index.ts'
import {
  parquetRevision,
  download,
  formatReference,
  parseRepository,
  selectDataset,
  selectModel,
  type Download,
  type DatasetSelection,
  type DownloadWatch,
} from '../../hub/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { Downloaded, DownloadRequest } from '../protocol/download.ts'
import { inQuarantine } from '../quarantine.ts'

type DownloadHost = Pick<EngineHost, 'hub' | 'files' | 'quarantine'>

/**
 * @throws HisoError HUB_…, FILE_UNWRITABLE; MODEL_… and DATA_… for repositories without a usable
 *   file
 */
export function downloadFromHub(
  request: DownloadRequest,
  host: DownloadHost,
  watch: DownloadWatch,
): Promise<Downloaded> {
  return request.kind === 'model'
    ? downloadModel(request, host, watch)
    : downloadDataset(request, host, watch)
}

async function downloadModel(
  { id, revision, part }: DownloadRequest,
  host: DownloadHost,
  watch: DownloadWatch,
): Promise<Downloaded> {
  const { hub, files } = host
  const repository = parseRepository(id, 'model', revision)
  const subject = `model ${repository.id}`
  const found = await download(
    repository,
    (listed) => selectModel(listed, subject, part),
    hub,
    watch,
    // Older exporters give every tensor its own file, whose name only the graph holds.
    async (snapshot, { graph }) => {
      const folder = graph.split('/').slice(0, -1)
      const path = files.join(snapshot, ...graph.split('/'))
      const ask = inQuarantine(host)
      const summary = await ask('inspectModel', { path }, watch.cancellation).catch((error) => {
        if (watch.cancellation.isCancelled) return undefined
        if (!(error instanceof HisoError)) throw error
        throw new HisoError(error.code, {
          where: `${subject}, ${graph}`,
          what: error.what,
          // What is there is not fetched again.
          remedy: `Choose another one with --file; where the hub has mended it, delete ${path} and download it again`,
          cause: error,
        })
      })
      return (summary?.externalFiles ?? []).map((name) => [...folder, name].join('/'))
    },
  )
  const { inside } = found.chosen
  const hasTokenizer = found.chosen.files.some(({ name }) => name === 'tokenizer.json')
  return {
    ...resultOf(found, formatReference({ ...repository, inside })),
    path: found.snapshot,
    notices: hasTokenizer
      ? []
      : ['It comes without a tokenizer.json: set task.tokenizer to one that belongs to the model.'],
  }
}

async function downloadDataset(
  { id, revision, part }: DownloadRequest,
  { hub, files }: DownloadHost,
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
    // If a script makes the dataset, the hub keeps its rows on a separate branch.
    const isScripted = error instanceof HisoError && error.code === 'DATA_INVALID'
    if (!isScripted || revision !== undefined) throw error
    repository = { ...repository, revision: parquetRevision.branch }
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
