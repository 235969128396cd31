/**
 * One request to the hub: sends the token only where it belongs, follows redirects, and puts
 * refusals into words.
 */
import { HisoError } from '../base/index.ts'
import type { Cancellation } from './cancellation.ts'
import type { HttpAnswer, HubHost, HubSettings } from './hubHost.ts'

export interface HubContext {
  readonly host: HubHost
  readonly settings: HubSettings
  readonly cancellation: Cancellation
  /** The subject of the request, for messages: `model owner/name`. */
  readonly subject: string
}

export interface HubAnswer extends HttpAnswer {
  /** The entity tag of the file itself. After a redirect the storage has tags of its own. */
  readonly tag: string | undefined
}

const redirects = new Set([301, 302, 303, 307, 308])
const mostRedirects = 10

/** What works without a network. */
const offlineChoices =
  'Offline you can use the models and texts that come with the program (opt-mail, spam-mail), earlier downloads, and your own files and folders'

/**
 * @returns an answer with status 200, 206 or 416 (the requested range does not exist)
 * @throws HisoError HUB_UNREACHABLE, HUB_REFUSED, HUB_NOT_FOUND
 */
export async function hubRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  { host, settings, cancellation, subject }: HubContext,
): Promise<HubAnswer> {
  if (settings.isOffline)
    throw new HisoError('HUB_UNREACHABLE', {
      where: subject,
      what: 'HF_HUB_OFFLINE is set, so the program downloads nothing',
      remedy: offlineChoices,
    })
  const { endpoint, token } = settings
  let tag: string | undefined
  let at = url
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const isOwn = originOf(at) === originOf(endpoint)
    const { 'if-range': _, ...others } = headers
    // The token and the entity tag are for the hub; storage elsewhere gets neither.
    const own = isOwn ? { ...headers, ...(token && { authorization: `Bearer ${token}` }) } : others
    const answer = await host.get(at, { 'accept-encoding': 'identity', ...own }, cancellation)
    tag = answer.header('x-linked-etag') ?? tag
    if (!redirects.has(answer.status)) {
      checkStatus(answer, subject, endpoint, token !== undefined)
      return {
        status: answer.status,
        header: (name) => answer.header(name),
        body: answer.body,
        close: () => answer.close(),
        tag: tag ?? answer.header('etag'),
      }
    }
    answer.close()
    const target = targetOf(answer.header('location'), at)
    refuseDetour(target, at, subject)
    at = target
  }
  throw new HisoError('HUB_UNREACHABLE', {
    where: url,
    what: 'it redirects in a circle',
    remedy: askElsewhere,
  })
}

const askElsewhere = 'Check HF_ENDPOINT, and whether a proxy or a login page answers instead'

const originOf = (url: string) => /^https?:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase()

function targetOf(location: string | undefined, from: string): string {
  if (location !== undefined && originOf(location) !== undefined) return location
  if (location?.startsWith('/') === true) return `${originOf(from)}${location}`
  throw new HisoError('HUB_UNREACHABLE', {
    where: from,
    what: `it redirects to an invalid address (${location ?? 'none'})`,
    remedy: askElsewhere,
  })
}

/**
 * A hub has no business with what this machine or its network alone can reach, nor with leaving an
 * encrypted line.
 */
function refuseDetour(target: string, from: string, subject: string): void {
  const refused = (what: string) =>
    new HisoError('HUB_UNREACHABLE', { where: subject, what, remedy: askElsewhere })
  if (isEncrypted(from) && !isEncrypted(target))
    throw refused(`it redirects from an encrypted line to an open one (${originOf(target)})`)
  if (isOnThisMachine(target) && !isOnThisMachine(from))
    throw refused(`it redirects to an address of this machine's own (${originOf(target)})`)
}

const isEncrypted = (url: string) => /^https:/i.test(url)

/** Also for numbers that are no dotted quad, which browsers read as addresses: 2130706433. */
function isOnThisMachine(url: string): boolean {
  const host = originOf(url)!
    .replace(/^https?:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '')
  if (host.startsWith('[')) return /^\[(::1?|::ffff:.*|fe[89ab].*)\]$/.test(host)
  if (/^(.*\.)?localhost\.?$/.test(host)) return true
  if (!/(^|\.)(\d+|0x[\da-f]*)\.?$/.test(host)) return false
  const isQuad = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(host)
  return !isQuad || /^(0|127|169\.254)\./.test(host)
}

function checkStatus(
  answer: HttpAnswer,
  subject: string,
  endpoint: string,
  hasToken: boolean,
): void {
  const { status } = answer
  if (status === 200 || status === 206 || status === 416) return
  answer.close()
  const reason = answer.header('x-error-code')
  if (reason === 'GatedRepo')
    throw new HisoError('HUB_REFUSED', {
      where: subject,
      what: 'its owner gives it only to people who have accepted its conditions',
      remedy: `Accept them on its page at ${endpoint}, then set HF_TOKEN to your token`,
    })
  if (status === 404 || reason === 'RepoNotFound' || reason === 'RevisionNotFound')
    throw new HisoError('HUB_NOT_FOUND', {
      where: subject,
      what:
        reason === 'RevisionNotFound'
          ? 'it has no such revision'
          : `it does not exist at ${endpoint}${hasToken ? '' : ', or it is private'}`,
      remedy: `Check its id, owner/name${hasToken ? '' : ', or set HF_TOKEN if it is private'}`,
    })
  if (status === 401 || status === 403)
    throw new HisoError('HUB_REFUSED', {
      where: subject,
      what: `the hub does not give it to ${hasToken ? 'the owner of this token' : 'anonymous users'} (${status})`,
      remedy: hasToken
        ? 'Check HF_TOKEN, and whether its owner may read this'
        : 'Set HF_TOKEN to the token of an account that may read this',
    })
  throw new HisoError('HUB_UNREACHABLE', {
    where: subject,
    what:
      status === 429
        ? 'the hub has received too many requests from here'
        : `the hub answers with status ${status}`,
    remedy: 'Try again later: the part that has arrived is kept',
  })
}
