/**
 * Where the hub is, and where its cache: from the environment variables that Hugging Face's own
 * programs read.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { HisoError } from '../core/base/index.ts'
import type { HubSettings } from '../core/hub/index.ts'
import { openToRead } from './regularFile.ts'

type Environment = Readonly<Record<string, string | undefined>>

const homeOf = (env: Environment) =>
  given(env['HF_HOME']) ??
  join(given(env['XDG_CACHE_HOME']) ?? join(homedir(), '.cache'), 'huggingface')

/** The folder that holds models--owner--name and datasets--owner--name. */
export const hubCacheOf = (env: Environment): string =>
  resolve(given(env['HF_HUB_CACHE']) ?? join(homeOf(env), 'hub'))

/**
 * The token is that of HF_TOKEN, or the one that `hf auth login` has left.
 * @throws HisoError HUB_UNREACHABLE, HUB_REFUSED for what is no address and no token
 */
export async function readHubSettings(env: Environment): Promise<HubSettings> {
  const path = given(env['HF_TOKEN_PATH']) ?? join(homeOf(env), 'token')
  const own = given((env['HF_TOKEN'] ?? '').trim())
  return {
    endpoint: endpointOf(given(env['HF_ENDPOINT']) ?? 'https://huggingface.co'),
    token: own === undefined ? await readToken(path) : checkToken(own, 'HF_TOKEN'),
    isOffline: /^(1|true|yes|on)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
  }
}

/** As `URL.parse`, which the Node of the app's Electron has not, nor `URL.canParse`. */
export function addressOf(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

function endpointOf(address: string): string {
  if (/^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/i.test(address) && addressOf(address) !== undefined)
    return address.replace(/\/+$/, '')
  throw new HisoError('HUB_UNREACHABLE', {
    where: 'HF_ENDPOINT',
    what: `"${address.replace(/\/\/.*@/, '//…@')}" is not the address of a hub`,
    remedy: 'Set it to one that begins with https:// or http://, or leave it unset',
  })
}

/** A token goes into a header, and a message about that would show it. */
function checkToken(token: string, where: string): string {
  if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token
  throw new HisoError('HUB_REFUSED', {
    where,
    what: 'it is no token: tokens are of letters and digits, without blanks between them',
    remedy: 'Set HF_TOKEN to your token alone',
  })
}

async function readToken(path: string): Promise<string | undefined> {
  const text = await textOf(path).catch(() => undefined)
  return text === undefined || text === '' ? undefined : checkToken(text, path)
}

/** A pipe or a device in its place is not waited for. */
async function textOf(path: string): Promise<string> {
  const file = await openToRead(path, 'followed')
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(8192), 0, 8192, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead)).trim()
  } finally {
    await file.close()
  }
}

/** An empty variable says nothing. */
const given = (value: string | undefined) => (value === '' ? undefined : value)
