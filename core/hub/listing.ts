/** What a repository on the hub holds, according to its API. */
import { z } from 'zod'
import { HisoError, joinBytes, parseJson } from '../base/index.ts'
import { hubRequest } from './hubRequest.ts'
import type { Cancellation } from './cancellation.ts'
import type { HubHost, HubSettings } from './hubHost.ts'
import type { Repository } from './repository.ts'

export interface RemoteFile {
  /** With slashes, from the root of the repository. */
  readonly name: string
  readonly bytes: number | undefined
  /** Of the content; undefined if the hub does not say. */
  readonly checksum: Checksum | undefined
}

/** git: SHA-1 over `blob LENGTH`, a zero byte and the content, as git names files. */
export interface Checksum {
  readonly kind: 'sha256' | 'git'
  readonly hex: string
}

export interface Listing {
  readonly commit: string
  readonly files: readonly RemoteFile[]
}

/** A hundred thousand files make a listing of about this length. */
const LONGEST_ANSWER = 2 ** 25

/** A listing that comes in drops would be waited for without a sign. */
const longestMs = 120_000

/** As long as a path may be in file systems. */
const LONGEST_NAME = 4096
const bytes = z.int().min(0).nullish()

const answerSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string().min(1).max(LONGEST_NAME),
      size: bytes,
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string().nullish(), size: bytes }).nullish(),
    }),
  ),
})

/** @throws HisoError HUB_… */
export async function listRepository(
  repository: Repository,
  host: HubHost,
  settings: HubSettings,
  cancellation: Cancellation,
): Promise<Listing> {
  const { kind, id, revision } = repository
  const url = `${settings.endpoint}/api/${kind}s/${id}/revision/${encodeURIComponent(revision)}?blobs=true`
  const asked = host.now()
  const answer = await hubRequest(
    url,
    {},
    { host, settings, cancellation, subject: `${kind} ${id}` },
  )
  const foreign = (what: string) =>
    new HisoError('HUB_UNREACHABLE', {
      where: url,
      what,
      remedy: 'Check HF_ENDPOINT, and whether a proxy or a login page answers instead',
    })
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body) {
    parts.push(part)
    bytes += part.length
    const isTooLong = bytes > LONGEST_ANSWER
    if (!isTooLong && host.now() - asked <= longestMs) continue
    answer.close()
    throw foreign(
      isTooLong
        ? `the answer is longer than ${LONGEST_ANSWER / 2 ** 20} MiB`
        : `the answer has taken ${longestMs / 1000} seconds, and is not complete`,
    )
  }
  const found = answerSchema.safeParse(parse(parts))
  if (!found.success) throw foreign('the answer is not that of a Hugging Face hub')
  const { sha, siblings } = found.data
  return {
    commit: sha,
    // A name that leads out of the snapshot's folder cannot come from git.
    files: siblings.filter(({ rfilename }) => isInside(rfilename)).map(remoteFileOf),
  }
}

function parse(parts: readonly Uint8Array[]): unknown {
  try {
    return parseJson(new TextDecoder().decode(joinBytes(parts)))
  } catch {
    return undefined
  }
}

/** Backslashes, colons and control characters mean something to some system. */
const isInside = (name: string) =>
  !/[\\:\p{Cc}]/u.test(name) && name.split('/').every((part) => !['', '.', '..'].includes(part))

function remoteFileOf(sibling: z.infer<typeof answerSchema>['siblings'][number]): RemoteFile {
  const { rfilename, size, blobId, lfs } = sibling
  return {
    name: rfilename,
    bytes: lfs?.size ?? size ?? undefined,
    checksum: checksumOf(lfs?.sha256 ?? blobId ?? undefined),
  }
}

/** The length of a hash tells its kind. */
export function checksumOf(text: string | undefined): Checksum | undefined {
  const hex = text?.replace(/^W\//, '').replaceAll('"', '').toLowerCase()
  if (hex === undefined) return undefined
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'sha256', hex }
  return /^[0-9a-f]{40}$/.test(hex) ? { kind: 'git', hex } : undefined
}
