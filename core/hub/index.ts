export { findDownloaded } from './cache.ts'
export { Cancellation } from './cancellation.ts'
export { download, type Download, type DownloadProgress, type DownloadWatch } from './download.ts'
export type { HttpAnswer, HubHost, HubSettings, PartialFile } from './hubHost.ts'
export {
  parquetRevision,
  formatReference,
  isHubReference,
  parseRepository,
  type RepositoryKind,
} from './repository.ts'
export { decoderFiles, selectDataset, selectModel, type DatasetSelection } from './selectFiles.ts'
