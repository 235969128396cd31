/**
 * A file written piece by piece: beside its place until it is whole, and taken away again when
 * something goes wrong. A full disk leaves the old file, or none. A link is followed; a pipe or a
 * device is written to.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { destinationOf, unwritable, type Destination } from '../platform/index.ts'

export class StreamedFile {
  readonly #path: string
  /** Undefined for a pipe or a device, which is written to as it is. */
  readonly #draft: string | undefined
  readonly #file: number
  #length = 0

  /** @throws HisoError FILE_UNWRITABLE */
  constructor({ path, isReplaced }: Destination) {
    this.#path = path
    const draft = isReplaced ? `${path}.${randomBytes(8).toString('hex')}.new` : undefined
    this.#draft = draft
    this.#file = this.#try(() =>
      draft === undefined ? openSync(path, constants.O_WRONLY) : openSync(draft, 'wx', 0o644),
    )
  }

  get length(): number {
    return this.#length
  }

  /** @throws HisoError FILE_UNWRITABLE */
  append(bytes: Uint8Array): void {
    this.#try(() => {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#file, bytes, written)
    })
    this.#length += bytes.length
  }

  /** Brings the file to its place. @throws HisoError FILE_UNWRITABLE */
  finish(): void {
    this.#try(() => {
      if (this.#draft !== undefined) fsyncSync(this.#file)
      closeSync(this.#file)
      if (this.#draft !== undefined) renameSync(this.#draft, this.#path)
    })
  }

  /** Takes away what was written. */
  abandon(): void {
    try {
      closeSync(this.#file)
    } catch {
      // It was closed before.
    }
    if (this.#draft !== undefined) rmSync(this.#draft, { force: true })
  }

  #try<Result>(work: () => Result): Result {
    return writing(this.#path, work)
  }
}

function writing<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** Writes a file; what goes wrong leaves nothing behind. @returns its length in bytes */
export async function streamFile(
  path: string,
  write: (file: StreamedFile) => Promise<void>,
): Promise<number> {
  const file = new StreamedFile(await destinationOf(path))
  try {
    await write(file)
    file.finish()
    return file.length
  } catch (error) {
    file.abandon()
    throw error
  }
}
