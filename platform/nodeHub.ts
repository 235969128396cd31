/** Downloads on Node: requests by its own fetch, files that grow, room on the disk. */
import { createHash } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { HisoError, messageOf, type Digest, type Files } from '../core/base/index.ts'
import type { Cancellation, HttpAnswer, HubHost } from '../core/hub/index.ts'
import { addressOf, readHubSettings } from './hubSettings.ts'
import { openPartial } from './partialFile.ts'

/** A line on which nothing comes for so long is taken for cut. */
const silenceMs = 30_000

export function createNodeHub(files: Files, env: NodeJS.ProcessEnv = process.env): HubHost {
  return {
    files,
    hubSettings: () => readHubSettings(env),
    get,
    openPartial,
    freeBytes,
    digest: createDigest,
    now: () => performance.now(),
    wait: (milliseconds) => wait(milliseconds),
  }
}

/** Node hashes less than 2 GiB in one call; the parameters of a large model are more. */
const hashedAtOnce = 2 ** 30

export function createDigest(algorithm: 'sha1' | 'sha256'): Digest {
  const hash = createHash(algorithm)
  const digest: Digest = {
    update(bytes) {
      for (let from = 0; from < bytes.length; from += hashedAtOnce)
        hash.update(bytes.subarray(from, from + hashedAtOnce))
      return digest
    },
    hex: () => hash.digest('hex'),
  }
  return digest
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  cancellation: Cancellation,
): Promise<HttpAnswer> {
  const line = new AbortController()
  const stopListening = cancellation.listen(() => line.abort())
  let silence: NodeJS.Timeout | undefined
  const hear = () => {
    clearTimeout(silence)
    silence = setTimeout(() => line.abort(), silenceMs)
  }
  const end = () => {
    clearTimeout(silence)
    stopListening()
  }
  hear()
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: line.signal })
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: bodyOf(response, url, hear, end),
      close() {
        end()
        line.abort()
      },
    }
  } catch (cause) {
    end()
    throw unreachable(url, cause)
  }
}

async function* bodyOf(
  response: Response,
  url: string,
  hear: () => void,
  end: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      hear()
      yield part
    }
  } catch (cause) {
    throw unreachable(url, cause)
  } finally {
    end()
  }
}

function unreachable(url: string, thrown: unknown): HisoError {
  // fetch hides the reason in its cause.
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
  return new HisoError('HUB_UNREACHABLE', {
    // A redirect may name what is no address at all.
    where: addressOf(url)?.host ?? url,
    what: `it can't be reached, or the connection broke (${messageOf(cause) || 'no reason is known'})`,
    remedy:
      'Check the network and HF_ENDPOINT, then try again: what has come so far is kept. Without a network there are the models and texts that come with the program, and files of your own',
    cause: thrown,
  })
}

async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    const above = dirname(folder)
    return above === folder ? undefined : freeBytes(above)
  }
}
