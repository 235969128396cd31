/**
 * What the engine needs from its machine, as interfaces: files, time, hashing. platform implements
 * them for Node, core/testing in memory. Nothing else in core reaches the machine.
 */

/** Access to files by path. Paths are the platform's own. */
export interface Files {
  /** @throws HisoError FILE_UNREADABLE */
  read(path: string): Promise<Uint8Array>
  /**
   * The content piece by piece, so that a file may be larger than memory. Ending the loop early
   * closes the file. @throws HisoError FILE_UNREADABLE
   */
  pieces(path: string): AsyncIterable<Uint8Array>
  /** Length of a file in bytes. @throws HisoError FILE_UNREADABLE */
  size(path: string): Promise<number>
  /** The bytes of a file in [start, end). @throws HisoError FILE_UNREADABLE */
  part(path: string, start: number, end: number): Promise<Uint8Array>
  /** @returns what the path leads to, or undefined if nothing exists there. */
  kind(path: string): Promise<'file' | 'folder' | undefined>
  /** Names (not paths) in a folder, sorted by code unit. */
  list(folder: string): Promise<readonly string[]>
  join(...parts: readonly string[]): string
  /** The folder that holds bundled datasets and presets. */
  readonly resources: string
  /** The folder for downloads from the hub. */
  readonly downloads: string
  /**
   * Decompresses one gzip member. @throws HisoError FILE_UNREADABLE when the bytes are not gzip or
   * are cut short.
   */
  gunzip(bytes: Uint8Array): Promise<Uint8Array>
  /** Decompresses gzip members piece by piece. @throws HisoError FILE_UNREADABLE as `gunzip` */
  gunzipPieces(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /** The files that lie in a folder themselves, as those of a run do. */
  own(folder: string): OwnFiles
  /**
   * Replaces a file in one step; what a link points to, and not the link. A pipe or a device is
   * written to. @throws HisoError FILE_UNWRITABLE
   */
  write(path: string, bytes: Uint8Array): Promise<void>
  /**
   * Replaces a file of a folder's own in one step; where a link stands in its place, the link and
   * not what it points to. For files that are written while another process plays the run.
   * @throws HisoError FILE_UNWRITABLE
   */
  writeOwn(folder: string, name: string, bytes: Uint8Array): Promise<void>
  /**
   * Changes whenever one of the files is written, made or removed. Undefined where that can't be
   * promised: a file that was written a moment ago may change again within the clock's step.
   */
  stamp(paths: readonly string[]): Promise<string | undefined>
  /** Whether a living process holds the folder's lock. */
  isTaken(folder: string): Promise<boolean>
  /**
   * Locks a folder for writing, and creates it if necessary. No other process can lock it until
   * this one releases it or dies.
   * @throws HisoError RUN_LOCKED, FILE_UNWRITABLE
   */
  take(folder: string): Promise<Folder>
}

/**
 * Regular files in a folder, by name. No link is followed: a folder from elsewhere must not name
 * files outside it.
 */
export interface OwnFiles {
  /** The folder's. */
  readonly path: string
  /**
   * @returns the content, or undefined when there is no such file
   * @throws HisoError FILE_UNREADABLE
   */
  read(name: string): Promise<Uint8Array | undefined>
  /** @returns undefined when there is no such file @throws HisoError FILE_UNREADABLE */
  size(name: string): Promise<number | undefined>
  /**
   * The bytes from `start` up to `end`, which is not among them; fewer where the file ends before.
   * @throws HisoError FILE_UNREADABLE
   */
  part(name: string, start: number, end: number): Promise<Uint8Array>
}

/** A folder that only this process writes to. */
export interface Folder extends OwnFiles {
  /**
   * Replaces a file in one step: readers see the old content or the new one, never a mixture.
   * @throws HisoError FILE_UNWRITABLE
   */
  write(name: string, bytes: Uint8Array): Promise<void>
  /**
   * Opens a file for appending, and creates it if necessary. Cuts it to `length` bytes first.
   * @throws HisoError FILE_UNWRITABLE
   */
  appendTo(name: string, length: number): Promise<Appender>
  /** Waits until the folder, with all names in it, has reached the disk. */
  sync(): Promise<void>
  release(): Promise<void>
  /** Removes the folder with all that is in it, and releases it: it was made in vain. */
  discard(): Promise<void>
}

/**
 * The growing end of a file. Once `append` has returned, the bytes survive the death of this
 * process.
 */
export interface Appender {
  /** @throws HisoError FILE_UNWRITABLE */
  append(bytes: Uint8Array): void
  /** Waits until what was appended has reached the disk. */
  sync(): Promise<void>
  /** Waits until the content is on the disk, then closes. */
  close(): Promise<void>
}

/** Streaming SHA-256. */
export interface Digest {
  update(bytes: Uint8Array): Digest
  /** Lower-case hexadecimal, 64 characters. */
  hex(): string
}

/**
 * Keeps what can be made again, for later runs of the same build of the program. It may forget
 * anything at any time, and never fails.
 */
export interface Cache {
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Names of what is there that begin with this. */
  names(prefix: string): Promise<readonly string[]>
  /** Forgets what has a name that begins with this. */
  forget(prefix: string): Promise<void>
}

export interface Host {
  readonly files: Files
  readonly cache: Cache
  /** A cache with more room, for states of runs. */
  readonly states: Cache
  sha256(): Digest
  /** Monotonic milliseconds; only differences are meaningful. */
  now(): number
  /** The date and time as ISO 8601 in UTC. For people only: results never depend on it. */
  timestamp(): string
  /** Yields to other work that waits in this thread, unless it has just done so. */
  breathe(): Promise<void>
}
