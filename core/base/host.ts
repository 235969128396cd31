/**
 * What the engine needs from the machine it runs on, as interfaces: files, time, hashing, inference sessions, workers.
 * core/platform implements them for Node; core/testing for tests. Nothing in core reaches the machine any other way.
 */

/** Read-only access to files by path. Paths are the platform's own. */
export interface Files {
  /** @throws HisoError FILE_UNREADABLE */
  read(path: string): Promise<Uint8Array>
  /** @returns what is at the path, or undefined when nothing is. */
  kind(path: string): Promise<'file' | 'folder' | undefined>
  /** Names (not paths) in a folder, sorted by code unit. */
  list(folder: string): Promise<readonly string[]>
  join(...parts: readonly string[]): string
  /** The folder that holds bundled datasets and presets. */
  readonly resources: string
  /** Decompresses one gzip member. @throws HisoError FILE_UNREADABLE when the bytes are not gzip or are cut short. */
  gunzip(bytes: Uint8Array): Promise<Uint8Array>
}

/** Streaming SHA-256. */
export interface Digest {
  update(bytes: Uint8Array): Digest
  /** Lower-case hexadecimal, 64 characters. */
  hex(): string
}

export interface Host {
  readonly files: Files
  sha256(): Digest
  /** Monotonic milliseconds; only differences mean something. */
  now(): number
}
