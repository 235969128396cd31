export { findDownloaded } from './cache.ts'
export { Cancellation } from './cancellation.ts'
export {
  download,
  type Download,
  type DownloadProgress,
  type DownloadWatch,
  type Selection,
} from './download.ts'
export type { HttpAnswer, HubHost, HubSettings, PartialFile } from './hubHost.ts'
export type { RemoteFile } from './listing.ts'
export {
  converted,
  formatReference,
  isHubReference,
  parseRepository,
  type HubReference,
  type Repository,
  type RepositoryKind,
} from './repository.ts'
export {
  decoderFiles,
  selectDataset,
  selectModel,
  type DatasetSelection,
  type ModelSelection,
} from './selectFiles.ts'
