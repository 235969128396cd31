/** Zip files, written and read piece by piece. */
import { createReadStream } from 'node:fs'
import { Unzip, UnzipInflate, Zip, ZipDeflate } from 'fflate'
import { HisoError, joinBytes } from '../../core/base/index.ts'
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

/**
 * Reads the files of a zip one after the other.
 * @param take receives each file, whole
 * @throws HisoError FILE_UNREADABLE
 */
export async function readZip(
  path: string,
  take: (name: string, bytes: Uint8Array) => void,
): Promise<void> {
  const unzip = new Unzip()
  unzip.register(UnzipInflate)
  let read = 0
  let unpacked = 0
  let failed: unknown
  unzip.onfile = (entry) => {
    const pieces: Uint8Array[] = []
    entry.ondata = (error, bytes, isLast) => {
      if (error !== null) return void (failed ??= error)
      unpacked += bytes.length
      if (unpacked > largestRatio * read + 2 ** 20) {
        failed ??= new Error('its contents are far larger than it is')
        entry.terminate()
        return
      }
      pieces.push(bytes)
      if (isLast) take(entry.name, joinBytes(pieces))
    }
    entry.start()
  }
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
      read += piece.length
      unzip.push(piece)
      if (failed !== undefined) break
    }
    if (failed === undefined) unzip.push(new Uint8Array(), true)
  } catch (error) {
    failed ??= error
  }
  if (failed === undefined && read > 0) return
  if (failed instanceof HisoError) throw failed
  throw new HisoError('FILE_UNREADABLE', {
    where: path,
    what: `it is no whole capsule (${failed instanceof Error ? failed.message : 'it is empty'})`,
    remedy: 'Take it from where it was made again',
    cause: failed,
  })
}
