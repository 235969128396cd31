/** A hub on this machine that speaks the real one's URLs, with the accidents that networks have. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HubRepository {
  readonly kind: 'model' | 'dataset'
  readonly id: string
  readonly revision?: string
  /** Content by name. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Names that lie in the storage that the hub redirects to, as large files do. */
  readonly stored?: readonly string[]
}

/** What goes wrong with the next request for a file; used up by it. */
type Accident =
  /** The line is cut once so much was sent, and `heard` of it. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly heard?: Promise<void> }
  | { readonly kind: 'changed' }
  | { readonly kind: 'status'; readonly status: number; readonly reason?: string }

interface HubRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Whether the storage was asked, which is another host. */
  readonly isStorage: boolean
}

export interface HubServer {
  readonly endpoint: string
  /** Every request so far. */
  readonly requests: HubRequest[]
  /** By the name of the file, or `api`. */
  readonly accidents: Map<string, Accident[]>
  close(): Promise<void>
}

export const commitOf = ({ kind, id }: Pick<HubRepository, 'kind' | 'id'>) =>
  createHash('sha1').update(`${kind} ${id}`).digest('hex')

export async function startHubServer(
  repositories: readonly HubRepository[],
  token?: string,
): Promise<HubServer> {
  const requests: HubRequest[] = []
  const accidents: HubServer['accidents'] = new Map()
  const note = (request: IncomingMessage, isStorage: boolean) => {
    const path = decodeURIComponent(request.url ?? '')
    requests.push({ path, headers: request.headers as HubRequest['headers'], isStorage })
    return path
  }
  const send = (
    file: string,
    content: Uint8Array,
    tag: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    const accident = accidents.get(file)?.shift()
    if (accident?.kind === 'status') return refuse(response, accident.status, accident.reason)
    const bytes = accident?.kind === 'changed' ? content.map((byte) => byte ^ 1) : content
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    const condition = request.headers['if-range']
    const from = start === undefined || (condition ?? tag) !== tag ? 0 : Number(start)
    if (from >= bytes.length && from > 0) return refuse(response, 416)
    const rest = bytes.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      etag: tag,
      'content-length': rest.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    })
    if (accident?.kind !== 'cut') return response.end(rest)
    response.write(rest.subarray(0, accident.afterBytes))
    void (accident.heard ?? Promise.resolve()).then(() => response.destroy())
  }

  const storage = createServer((request, response) => {
    const path = note(request, true)
    const [, kind, id, file] = /^\/(model|dataset)\/([^/]+\/[^/]+)\/(.+)$/.exec(path) ?? []
    const content = repositories.find((it) => it.kind === kind && it.id === id)?.files[file ?? '']
    if (content === undefined) return refuse(response, 403)
    // A tag of the storage's own, as S3 has.
    send(file!, content, `"storage-${content.length}"`, request, response)
  })
  const storageOrigin = await listen(storage)

  const hub = createServer((request, response) => {
    const path = note(request, false)
    const authorization = request.headers.authorization
    if (token !== undefined && authorization !== `Bearer ${token}`)
      return refuse(response, 401, 'RepoNotFound')
    const api = /^\/api\/(model|dataset)s\/([^/]+\/[^/]+)\/revision\/(.+)\?blobs=true$/.exec(path)
    if (api !== null) {
      const [, kind, id, revision] = api
      const accident = accidents.get('api')?.shift()
      if (accident?.kind === 'status') return refuse(response, accident.status, accident.reason)
      const found = repositories.find(
        (it) => it.kind === kind && it.id === id && (it.revision ?? 'main') === revision,
      )
      if (found === undefined) return refuse(response, 404, 'RevisionNotFound')
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify(listingOf(found)))
    }
    const form = /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40})\/(.+)$/
    const [, isDataset, id, commit, file = ''] = form.exec(path) ?? []
    const kind = isDataset === undefined ? 'model' : 'dataset'
    const found = repositories.find(
      (it) => it.kind === kind && it.id === id && commitOf(it) === commit && file in it.files,
    )
    if (found === undefined) return refuse(response, 404, 'EntryNotFound')
    const content = found.files[file]!
    if (found.stored?.includes(file) === true) {
      response.writeHead(302, {
        location: `${storageOrigin}/${kind}/${id}/${encodeURIComponent(file)}`,
        'x-linked-etag': `"${sha256(content)}"`,
        'x-linked-size': content.length,
      })
      return response.end()
    }
    send(file, content, `"${gitHash(content)}"`, request, response)
  })
  const endpoint = await listen(hub)
  const close = async () => {
    for (const server of [hub, storage]) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
  return { endpoint, requests, accidents, close }
}

function listingOf(repository: HubRepository) {
  const siblings = Object.entries(repository.files).map(([rfilename, content]) => ({
    rfilename,
    size: content.length,
    blobId: gitHash(content),
    ...(repository.stored?.includes(rfilename) === true && {
      lfs: { sha256: sha256(content), size: content.length, pointerSize: 130 },
    }),
  }))
  return { id: repository.id, sha: commitOf(repository), siblings }
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
const gitHash = (content: Uint8Array) =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

function refuse(response: ServerResponse, status: number, reason?: string): void {
  if (reason !== undefined) response.setHeader('x-error-code', reason)
  response.writeHead(status).end()
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
