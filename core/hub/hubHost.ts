/**
 * What downloads need of the machine, as interfaces: one HTTP request at a time, files that grow,
 * hashing, waiting.
 */
import type { Digest, Files } from '../base/index.ts'
import type { Cancellation } from './cancellation.ts'

/**
 * Where the hub is and how it is used; on Node from the environment variables that Hugging Face's
 * own programs read.
 */
export interface HubSettings {
  /** Origin of the hub, without a slash at its end. HF_ENDPOINT */
  readonly endpoint: string
  /** Sent to the endpoint and to nobody else. HF_TOKEN */
  readonly token: string | undefined
  /** Nothing is asked of the network. HF_HUB_OFFLINE */
  readonly isOffline: boolean
}

/** The answer to one request; redirects are answers like others. */
export interface HttpAnswer {
  readonly status: number
  /** @param name in lower case */
  header(name: string): string | undefined
  /** @throws HisoError HUB_UNREACHABLE when the connection breaks, or nothing comes for too long */
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the connection; what is left of the body is not wanted. */
  close(): void
}

/** A file on its way, which survives the death of this process byte by byte. */
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
   * Moves the file to its place, once all of it has reached the disk. @throws HisoError
   * FILE_UNWRITABLE
   */
  finish(path: string): Promise<void>
  /** Leaves the file for another time. */
  close(): void
}

export interface HubHost {
  readonly files: Pick<Files, 'downloads' | 'join' | 'kind' | 'take'>
  hubSettings(): Promise<HubSettings>
  /** Asks for a URL, following nothing. @throws HisoError HUB_UNREACHABLE */
  get(
    url: string,
    headers: Readonly<Record<string, string>>,
    cancellation: Cancellation,
  ): Promise<HttpAnswer>
  /**
   * Opens a partial file, creating it and its folder if need be. @throws HisoError FILE_UNWRITABLE
   */
  openPartial(path: string): Promise<PartialFile>
  /** Room on the disk that a folder is or would be on; undefined where the system does not tell. */
  freeBytes(folder: string): Promise<number | undefined>
  digest(algorithm: 'sha1' | 'sha256'): Digest
  /** Monotonic milliseconds. */
  now(): number
  wait(milliseconds: number): Promise<void>
}
