/**
 * Names of repositories on the hub, as people and configs write them, and the paths that follow
 * from them.
 */
import { HisoError } from '../base/index.ts'

export type RepositoryKind = 'model' | 'dataset'

export interface Repository {
  readonly kind: RepositoryKind
  /** `owner/name` */
  readonly id: string
  /** A branch, a tag or a commit. */
  readonly revision: string
}

/** The parts of a config's `hf:owner/name[@revision][/inside]`. */
export interface HubReference extends Repository {
  /** A file or folder in the repository; empty for all of it. */
  readonly inside: string
}

const scheme = 'hf:'
const form = /^([\w.-]+\/[\w.-]+)(?:@([\w.~-]+))?(?:\/(.+))?$/

/**
 * The branch in which the hub keeps every dataset as Parquet, and its short name without slashes.
 */
export const parquetRevision = { branch: 'refs/convert/parquet', short: '~parquet' }

export const isHubReference = (name: string) => name.startsWith(scheme)

/** @throws HisoError CONFIG_INVALID */
export function parseReference(name: string, kind: RepositoryKind): HubReference {
  const [, id, revision = 'main', inside = ''] = form.exec(name.slice(scheme.length)) ?? []
  if (isHubReference(name) && id !== undefined && !/(^|\/)\.\.?(\/|$)/.test(`${id}/${inside}`))
    return {
      kind,
      id,
      revision: revision === parquetRevision.short ? parquetRevision.branch : revision,
      inside,
    }
  throw new HisoError('CONFIG_INVALID', {
    where: name,
    what: 'a name on the hub has the form hf:owner/name',
    remedy: 'For example hf:owner/name, hf:owner/name@revision or hf:owner/name/folder',
  })
}

/** The reference that a config accepts. */
export function formatReference({ id, revision, inside }: HubReference): string {
  const version =
    revision === 'main'
      ? ''
      : `@${revision === parquetRevision.branch ? parquetRevision.short : revision}`
  return `${scheme}${id}${version}${inside === '' ? '' : `/${inside}`}`
}

/**
 * @param id as a person types it: `owner/name`, with `hf:` before it or the hub's address @throws
 *   HisoError CONFIG_INVALID
 */
export function parseRepository(id: string, kind: RepositoryKind, revision?: string): Repository {
  const name = id
    .trim()
    .replace(/^https?:\/\/[^/]+\/(datasets\/|models\/)?/, '')
    .replace(/\/(tree|blob)\/.*$/, '')
    .replace(/\/$/, '')
  const found = parseReference(isHubReference(name) ? name : `${scheme}${name}`, kind)
  const version = revision ?? found.revision
  if (found.inside === '' && /^[\w~][\w.~-]*(\/[\w.-]*\w)*$/.test(version))
    return { kind, id: found.id, revision: version }
  throw new HisoError('CONFIG_INVALID', {
    where: id,
    what: 'a repository on the hub is called owner/name, and its revision is a branch, a tag or a commit',
    remedy: 'Give its id alone, as the hub shows it at the top of its page',
  })
}

/**
 * The folder of a repository in the cache: models--owner--name, as Hugging Face's own programs call
 * it.
 */
export const cacheFolderOf = ({ kind, id }: Pick<Repository, 'kind' | 'id'>) =>
  `${kind}s--${id.replaceAll('/', '--')}`
