/**
 * The cache on disk. Its layout is that of Hugging Face's own programs, so that each finds the
 * downloads of the other:
 *
 *     DOWNLOADS/models--owner--name/
 *       refs/main              the commit of the branch
 *       snapshots/COMMIT/…     the files, under their names
 *       blobs/HASH.incomplete  the part of a file with this hash that has arrived
 */
import { HisoError, type Files } from '../base/index.ts'
import {
  cacheFolderOf,
  formatReference,
  parseReference,
  type Repository,
  type RepositoryKind,
} from './repository.ts'

const commitForm = /^[0-9a-f]{40}$/

export interface CachePaths {
  readonly folder: string
  /** The file that records the commit of a revision; undefined if the revision is a commit. */
  readonly ref: string | undefined
  snapshot(commit: string): string
  partial(hash: string): string
}

export function cachePathsOf(
  repository: Repository,
  { join, downloads }: Pick<Files, 'join' | 'downloads'>,
): CachePaths {
  const folder = join(downloads, cacheFolderOf(repository))
  const { revision } = repository
  return {
    folder,
    ref: commitForm.test(revision) ? undefined : join(folder, 'refs', ...revision.split('/')),
    snapshot: (commit) => join(folder, 'snapshots', commit),
    partial: (hash) => join(folder, 'blobs', `${hash}.incomplete`),
  }
}

/**
 * The path of an earlier download that a config names as `hf:…`. Makes no request to the network.
 *
 * @throws HisoError CONFIG_INVALID, HUB_NOT_DOWNLOADED
 */
export async function findDownloaded(
  reference: string,
  kind: RepositoryKind,
  files: Pick<Files, 'downloads' | 'join' | 'kind' | 'read'>,
): Promise<string> {
  const wanted = parseReference(reference, kind)
  const places = cachePathsOf(wanted, files)
  const commit = places.ref === undefined ? wanted.revision : await readCommit(places.ref, files)
  if (commit !== undefined) {
    const path = files.join(places.snapshot(commit), ...wanted.inside.split('/'))
    if ((await files.kind(path)) !== undefined) return path
  }
  throw new HisoError('HUB_NOT_DOWNLOADED', {
    where: formatReference(wanted),
    what: `this ${kind} is not in ${files.downloads}`,
    remedy: `Download it first, while you are online: hiso download ${kind} ${wanted.id}${wanted.revision === 'main' ? '' : ` --revision ${wanted.revision}`}`,
  })
}

async function readCommit(
  ref: string,
  files: Pick<Files, 'kind' | 'read'>,
): Promise<string | undefined> {
  if ((await files.kind(ref)) !== 'file') return undefined
  const commit = new TextDecoder().decode(await files.read(ref)).trim()
  return commitForm.test(commit) ? commit : undefined
}
