/** Zip files, written and read piece by piece. */
import { Unzip, UnzipInflate, Zip, ZipDeflate } from 'fflate'
import { HisoError, joinBytes, messageOf } from '../../core/base/index.ts'
import type { StreamedFile } from '../streamedFile.ts'

/** The same moment in every file, so that equal contents are equal capsules. */
const moment = new Date(1980, 0, 2)

export class ZipWriter {
  readonly #zip: Zip

  constructor(file: StreamedFile) {
    this.#zip = new Zip((error, bytes) => {
      if (error !== null) throw error
      file.append(bytes)
    })
  }

  add(name: string, bytes: Uint8Array): void {
    const entry = new ZipDeflate(name, { level: 6 })
    entry.mtime = moment
    this.#zip.add(entry)
    entry.push(bytes, true)
  }

  finish(): void {
    this.#zip.end()
  }
}

/** How much larger than the zip file its contents may be: logs of scalars hardly shrink. */
const largestRatio = 200

/** Bytes that are read at once: fflate goes a call deeper with each file that begins in them. */
const stretch = 4096

/**
 * Reads the files of a zip one after the other, whole.
 * @param path for messages
 * @throws HisoError FILE_UNREADABLE
 */
export async function* readZip(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const unzip = new Unzip()
  unzip.register(UnzipInflate)
  const whole: { readonly name: string; readonly bytes: Uint8Array }[] = []
  let read = 0
  let unpacked = 0
  let failed: unknown
  unzip.onfile = (entry) => {
    const parts: Uint8Array[] = []
    entry.ondata = (error, bytes, isLast) => {
      if (error !== null) return void (failed ??= error)
      unpacked += bytes.length
      if (unpacked > largestRatio * read + 2 ** 20) {
        failed ??= new Error('its contents are far larger than it is')
        entry.terminate()
        return
      }
      parts.push(bytes)
      if (isLast) whole.push({ name: entry.name, bytes: joinBytes(parts) })
    }
    entry.start()
  }
  const push = (piece: Uint8Array, isLast: boolean) => {
    try {
      unzip.push(piece, isLast)
    } catch (error) {
      failed ??= error
    }
    if (failed !== undefined) throw broken(path, failed)
  }
  for await (const piece of pieces) {
    read += piece.length
    for (let start = 0; start < piece.length; start += stretch)
      push(piece.subarray(start, start + stretch), false)
    yield* whole.splice(0)
  }
  push(new Uint8Array(), true)
  yield* whole.splice(0)
  if (read === 0) throw broken(path, new Error('it is empty'))
}

function broken(path: string, cause: unknown): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: `it is no whole capsule (${messageOf(cause)})`,
    remedy: 'Take it from where it was made again',
    cause,
  })
}
