/** Downloads the chosen files of a repository from the hub to the cache. */
import { HisoError } from '../base/index.ts'
import { cachePathsOf, type CachePaths } from './cache.ts'
import type { Cancellation } from './cancellation.ts'
import { fetchFile } from './fetchFile.ts'
import type { HubHost } from './hubHost.ts'
import type { HubContext } from './hubRequest.ts'
import { listRepository, type RemoteFile } from './listing.ts'
import type { Repository } from './repository.ts'
import { TransferRate } from './transferRate.ts'

/** The progress of a download. */
export interface DownloadProgress {
  /** The file that is being downloaded. */
  readonly file: string
  /** Bytes on the disk, of all chosen files. */
  readonly bytes: number
  /** Undefined if the hub does not say. */
  readonly totalBytes: number | undefined
  /** Over the last seconds; undefined until it can be measured. */
  readonly bytesPerSecond: number | undefined
}

export interface DownloadWatch {
  readonly progressed: (progress: DownloadProgress) => void
  readonly cancellation: Cancellation
}

export interface Selection {
  readonly files: readonly RemoteFile[]
}

export interface Download<Chosen extends Selection> {
  /** The folder with the files. */
  readonly snapshot: string
  readonly commit: string
  readonly chosen: Chosen
  readonly bytes: number
  /** Whether it was cancelled: some files are missing. */
  readonly isCancelled: boolean
}

/** Progress is reported at most this often. */
const progressMs = 100

/**
 * @param choose the files of the repository to download
 * @param others names further files, once the chosen ones have arrived
 * @throws HisoError HUB_…, FILE_UNWRITABLE, and what `choose` throws
 */
export async function download<Chosen extends Selection>(
  repository: Repository,
  choose: (files: readonly RemoteFile[]) => Chosen,
  host: HubHost,
  watch: DownloadWatch,
  others: (snapshot: string, chosen: Chosen) => Promise<readonly string[]> = async () => [],
): Promise<Download<Chosen>> {
  const settings = await host.hubSettings()
  const { cancellation } = watch
  const subject = `${repository.kind} ${repository.id}`
  const context: HubContext = { host, settings, cancellation, subject }
  const listing = await listRepository(repository, host, settings, cancellation)
  const chosen = choose(listing.files)
  const places = cachePathsOf(repository, host.files)
  const snapshot = places.snapshot(listing.commit)
  const from = `${settings.endpoint}/${repository.kind === 'dataset' ? 'datasets/' : ''}${repository.id}/resolve/${listing.commit}`
  const fetch = (files: readonly RemoteFile[]) =>
    fetchFiles(files, places, listing.commit, from, watch, context)
  const folder = await takeFolder(places.folder, subject, host)
  try {
    let bytes = await fetch(chosen.files)
    if (!cancellation.isCancelled) {
      const names = new Set(await others(snapshot, chosen))
      bytes += await fetch(listing.files.filter(({ name }) => names.has(name)))
    }
    const { isCancelled } = cancellation
    // Recorded last: a revision in the cache promises that its files are present.
    if (!isCancelled) await noteCommit(listing.commit, places, host)
    return { snapshot, commit: listing.commit, chosen, bytes, isCancelled }
  } catch (error) {
    throw forDownloads(error)
  } finally {
    await folder.release()
  }
}

/** Writes down at which commit the revision is. */
async function noteCommit(commit: string, places: CachePaths, host: HubHost): Promise<void> {
  if (places.ref === undefined) return
  const note = await host.openPartial(places.partial(`ref-${commit}`))
  try {
    note.clear()
    note.append(new TextEncoder().encode(commit))
    await note.finish(places.ref)
  } finally {
    note.close()
  }
}

/** @returns the bytes of all of them */
async function fetchFiles(
  files: readonly RemoteFile[],
  places: CachePaths,
  commit: string,
  from: string,
  { progressed, cancellation }: DownloadWatch,
  context: HubContext,
): Promise<number> {
  const { host } = context
  const targetOf = ({ name }: RemoteFile) =>
    host.files.join(places.snapshot(commit), ...name.split('/'))
  const missing: RemoteFile[] = []
  let bytes = 0
  for (const file of files)
    if ((await host.files.kind(targetOf(file))) === 'file') bytes += file.bytes ?? 0
    else missing.push(file)
  const totalBytes = files.every((file) => file.bytes !== undefined)
    ? files.reduce((sum, file) => sum + file.bytes!, 0)
    : undefined
  await checkRoom(missing, places.folder, context)
  const rate = new TransferRate()
  let fetched = 0
  let toldAt = -Infinity
  for (const file of missing) {
    if (cancellation.isCancelled) break
    let own: number | undefined
    const tell = (ownBytes: number, isLast: boolean) => {
      const now = host.now()
      // The part left by an earlier attempt did not come over the network now.
      fetched += own === undefined ? 0 : Math.max(0, ownBytes - own)
      own = ownBytes
      rate.note(now, fetched)
      if (!isLast && now - toldAt < progressMs) return
      toldAt = now
      const { bytesPerSecond } = rate
      progressed({ file: file.name, bytes: bytes + ownBytes, totalBytes, bytesPerSecond })
    }
    const name = file.name.split('/').map(encodeURIComponent).join('/')
    const hash = file.checksum?.hex ?? `${commit}--${file.name.replaceAll('/', '--')}`
    let length = 0
    await fetchFile(
      file,
      {
        url: `${from}/${name}`,
        partial: places.partial(hash),
        target: targetOf(file),
        arrived: (ownBytes) => tell((length = ownBytes), false),
      },
      context,
    )
    tell(length, true)
    bytes += file.bytes ?? length
  }
  return bytes
}

async function checkRoom(
  files: readonly RemoteFile[],
  folder: string,
  { host, subject }: HubContext,
): Promise<void> {
  const needed = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0)
  const free = await host.freeBytes(folder)
  if (free === undefined || needed <= free) return
  throw new HisoError('FILE_UNWRITABLE', {
    where: subject,
    what: `it takes ${megabytes(needed)} MB, and the disk of ${folder} has ${megabytes(free)} MB left`,
    remedy: moreRoom,
  })
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6)

const moreRoom =
  'Free some space, or set HF_HUB_CACHE to a folder on another disk; then download it again: it continues where it stopped'

/** Two processes that append to the same file would corrupt it. */
async function takeFolder(path: string, subject: string, { files }: HubHost) {
  try {
    return await files.take(path)
  } catch (error) {
    if (!(error instanceof HisoError) || error.code !== 'RUN_LOCKED') throw forDownloads(error)
    throw new HisoError('FILE_UNWRITABLE', {
      where: subject,
      what: 'another process is downloading it',
      remedy: `Wait until it has finished; if that process is certainly gone, delete ${files.join(path, '.lock')}`,
      cause: error,
    })
  }
}

/** Replaces the advice, which otherwise speaks of runs. */
function forDownloads(error: unknown): unknown {
  if (!(error instanceof HisoError) || error.code !== 'FILE_UNWRITABLE') return error
  if (error.remedy === moreRoom) return error
  const { where, what } = error
  return new HisoError('FILE_UNWRITABLE', {
    what,
    remedy: moreRoom,
    cause: error,
    ...(where !== undefined && { where }),
  })
}
