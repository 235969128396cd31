/**
 * Where the hub is, and where its cache: from the environment variables that Hugging Face's own
 * programs read.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { HubSettings } from '../core/hub/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

const homeOf = (env: Environment) =>
  given(env['HF_HOME']) ??
  join(given(env['XDG_CACHE_HOME']) ?? join(homedir(), '.cache'), 'huggingface')

/** The folder that holds models--owner--name and datasets--owner--name. */
export const hubCacheOf = (env: Environment): string =>
  resolve(given(env['HF_HUB_CACHE']) ?? join(homeOf(env), 'hub'))

/** The token is that of HF_TOKEN, or the one that `hf auth login` has left. */
export async function readHubSettings(env: Environment): Promise<HubSettings> {
  return {
    endpoint: (given(env['HF_ENDPOINT']) ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token:
      given(env['HF_TOKEN']) ??
      (await readToken(given(env['HF_TOKEN_PATH']) ?? join(homeOf(env), 'token'))),
    isOffline: /^(1|true|yes|on)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
  }
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    return given((await readFile(path, 'utf8')).trim())
  } catch {
    return undefined
  }
}

/** An empty variable says nothing. */
const given = (value: string | undefined) => (value === '' ? undefined : value)
