/**
 * What downloads need from the machine, as interfaces: single HTTP requests, growing files,
 * hashing, waiting.
 */
import type { Digest, Files } from '../base/index.ts'
import type { Cancellation } from './cancellation.ts'

/**
 * The address of the hub and how to use it. Node takes it from the environment variables that
 * Hugging Face's own programs read.
 */
export interface HubSettings {
  /** Origin of the hub, without a trailing slash. HF_ENDPOINT */
  readonly endpoint: string
  /** Sent to this endpoint only. HF_TOKEN */
  readonly token: string | undefined
  /** Makes no request to the network. HF_HUB_OFFLINE */
  readonly isOffline: boolean
}

/** The answer to one request; a redirect is an answer too. */
export interface HttpAnswer {
  readonly status: number
  /** @param name in lower case */
  header(name: string): string | undefined
  /** @throws HisoError HUB_UNREACHABLE if the connection breaks or stays silent too long */
  readonly body: AsyncIterable<Uint8Array>
  /** Closes the connection and drops the rest of the body. */
  close(): void
}

/** A partly downloaded file. Every byte survives the death of this process. */
export interface PartialFile {
  /** Bytes so far. */
  readonly length: number
  /** The bytes so far, in pieces. */
  content(): AsyncIterable<Uint8Array>
  /** @throws HisoError FILE_UNWRITABLE */
  append(bytes: Uint8Array): void
  /** Drops all bytes so far. */
  clear(): void
  /**
   * Moves the file to its final path, once all of it is on the disk. @throws HisoError
   * FILE_UNWRITABLE
   */
  finish(path: string): Promise<void>
  /** Closes the file and keeps it for a later attempt. */
  close(): void
}

export interface HubHost {
  readonly files: Pick<Files, 'downloads' | 'join' | 'kind' | 'take'>
  hubSettings(): Promise<HubSettings>
  /** Requests a URL without following redirects. @throws HisoError HUB_UNREACHABLE */
  get(
    url: string,
    headers: Readonly<Record<string, string>>,
    cancellation: Cancellation,
  ): Promise<HttpAnswer>
  /**
   * Opens a partial file; creates it and its folder if necessary. @throws HisoError FILE_UNWRITABLE
   */
  openPartial(path: string): Promise<PartialFile>
  /**
   * Free space on the disk of a folder, which need not exist yet; undefined if the system does not
   * say.
   */
  freeBytes(folder: string): Promise<number | undefined>
  digest(algorithm: 'sha1' | 'sha256'): Digest
  /** Monotonic milliseconds. */
  now(): number
  wait(milliseconds: number): Promise<void>
}
