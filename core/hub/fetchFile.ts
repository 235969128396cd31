/**
 * Downloads one file from the hub. Continues where an earlier attempt stopped, and puts the file in
 * its place only after verifying its content.
 */
import { HisoError } from '../base/index.ts'
import type { HubHost, PartialFile } from './hubHost.ts'
import { hubRequest, type HubContext } from './hubRequest.ts'
import { checksumOf, type Checksum, type RemoteFile } from './listing.ts'

/** Attempts in a row that may bring the file no further. */
const fruitlessAttempts = 4
const firstWaitMs = 1_000
/** A file whose length nobody tells ends here: it could be one that never does. */
const longestUntold = 2 ** 30

export interface FetchOptions {
  readonly url: string
  /** Where the bytes are collected. */
  readonly partial: string
  /** The final path of the file. */
  readonly target: string
  /** Called after every piece with the number of bytes of this file so far. */
  readonly arrived: (bytes: number) => void
}

/**
 * @throws HisoError HUB_…: HUB_CORRUPT if the content does not match its hash; FILE_UNWRITABLE.
 *   Keeps what arrived before an error.
 */
export async function fetchFile(
  file: RemoteFile,
  options: FetchOptions,
  context: HubContext,
): Promise<void> {
  const { host } = context
  const partial = await host.openPartial(options.partial)
  try {
    // Without a hash, nothing shows whether the existing bytes belong to this content.
    if (file.checksum === undefined) partial.clear()
    let wasResumed = partial.length > 0
    for (;;) {
      const checksum = await receiveAll(file, partial, options, context)
      if (context.cancellation.isCancelled) return
      if (checksum === undefined || (await matches(partial, checksum, host))) break
      partial.clear()
      options.arrived(0)
      if (!wasResumed) throw corrupt(file.name, context.subject)
      // The part from an earlier attempt was wrong: start over.
      wasResumed = false
    }
    await partial.finish(options.target)
  } finally {
    partial.close()
  }
}

/**
 * Continues until all bytes have arrived or the download is cancelled. @returns the expected hash,
 * if known
 */
async function receiveAll(
  file: RemoteFile,
  partial: PartialFile,
  { url, arrived }: FetchOptions,
  context: HubContext,
): Promise<Checksum | undefined> {
  const { host, cancellation } = context
  let { checksum } = file
  // What is dropped and sent again is no progress.
  let furthest = partial.length
  for (let fruitless = 0; partial.length !== file.bytes;) {
    try {
      checksum = (await receive(file, partial, url, arrived, context)) ?? checksum
      return checksum
    } catch (error) {
      if (cancellation.isCancelled) return checksum
      if (!(error instanceof HisoError) || error.code !== 'HUB_UNREACHABLE') throw error
      fruitless = partial.length > furthest ? 1 : fruitless + 1
      furthest = Math.max(furthest, partial.length)
      if (fruitless === fruitlessAttempts) throw error
      await host.wait(firstWaitMs * 2 ** (fruitless - 1))
    }
  }
  return checksum
}

async function receive(
  file: RemoteFile,
  partial: PartialFile,
  url: string,
  arrived: (bytes: number) => void,
  context: HubContext,
): Promise<Checksum | undefined> {
  const { cancellation, subject } = context
  const from = partial.length
  const answer = await hubRequest(url, from === 0 ? {} : rangeFrom(from, file.checksum), context)
  try {
    const isRest = answer.status === 206 && startOf(answer.header('content-range')) === from
    if (answer.status !== 200 && !isRest) {
      partial.clear()
      throw broken(file.name, subject, 'it sent another part than the requested one')
    }
    if (!isRest && from > 0) partial.clear()
    const total = file.bytes ?? lengthOf(answer.header('content-length'), partial.length)
    for await (const part of answer.body) {
      if (cancellation.isCancelled) return undefined
      if (total !== undefined && partial.length + part.length > total) {
        partial.clear()
        throw broken(file.name, subject, 'it sent more than it had announced')
      }
      if (total === undefined && partial.length + part.length > longestUntold) {
        partial.clear()
        throw untold(file.name, subject)
      }
      partial.append(part)
      arrived(partial.length)
    }
    if (total !== undefined && partial.length < total)
      throw broken(file.name, subject, 'the connection ended before the file did')
    return file.checksum ?? checksumOf(answer.tag)
  } finally {
    answer.close()
  }
}

function rangeFrom(from: number, checksum: Checksum | undefined): Record<string, string> {
  return {
    range: `bytes=${from}-`,
    ...(checksum !== undefined && { 'if-range': `"${checksum.hex}"` }),
  }
}

function startOf(contentRange: string | undefined): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(contentRange ?? '') ?? []
  return start === undefined ? undefined : Number(start)
}

function lengthOf(contentLength: string | undefined, before: number): number | undefined {
  return contentLength === undefined ? undefined : before + Number(contentLength)
}

async function matches(
  partial: PartialFile,
  { kind, hex }: Checksum,
  host: HubHost,
): Promise<boolean> {
  const digest = host.digest(kind === 'git' ? 'sha1' : 'sha256')
  if (kind === 'git') digest.update(new TextEncoder().encode(`blob ${partial.length}\0`))
  for await (const part of partial.content()) digest.update(part)
  return digest.hex() === hex
}

function broken(file: string, subject: string, what: string): HisoError {
  return new HisoError('HUB_UNREACHABLE', {
    where: `${subject}, ${file}`,
    what,
    remedy: 'Download it again: it continues where it stopped',
  })
}

function untold(file: string, subject: string): HisoError {
  return new HisoError('HUB_CORRUPT', {
    where: `${subject}, ${file}`,
    what: `it is longer than ${longestUntold / 2 ** 30} GiB, and the hub does not say how long; what has come was deleted`,
    remedy: 'Download it from a hub that lists the sizes of its files, or with another program',
  })
}

function corrupt(file: string, subject: string): HisoError {
  return new HisoError('HUB_CORRUPT', {
    where: `${subject}, ${file}`,
    what: 'the downloaded content does not match the checksum that the hub lists for this file, and was deleted',
    remedy: 'Download it again; if it happens again, a proxy or mirror on the way changes files',
  })
}
