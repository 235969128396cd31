/** Data files may be packed with gzip; the readers of the formats see them unpacked. */
import { HisoError, type Files } from '../base/index.ts'

/**
 * The content of a file, unpacked if it is gzip (decided by its first bytes, as names can lie).
 *
 * @throws HisoError DATA_INVALID if the gzip data is cut short or damaged
 */
export async function readUnpacked(file: string, files: Files): Promise<Uint8Array> {
  const bytes = await files.read(file)
  if (!isGzip(bytes)) return bytes
  try {
    return await files.gunzip(bytes)
  } catch (cause) {
    throw damaged(file, cause)
  }
}

/** Like `readUnpacked`, piece by piece: for files that may be larger than memory. */
export async function* unpackedPieces(file: string, files: Files): AsyncGenerator<Uint8Array> {
  if (!isGzip(await headOf(files.pieces(file), 2))) {
    yield* files.pieces(file)
    return
  }
  try {
    yield* files.gunzipPieces(files.pieces(file))
  } catch (cause) {
    throw damaged(file, cause)
  }
}

/** A file with random access: a packed file is in memory whole, an unpacked one is not. */
export interface RandomAccess {
  readonly byteLength: number
  slice(start: number, end?: number): Promise<ArrayBuffer>
}

/** @throws HisoError DATA_INVALID, FILE_UNREADABLE */
export async function openUnpacked(file: string, files: Files): Promise<RandomAccess> {
  const isPacked = isGzip(await headOf(files.pieces(file), 2))
  const unpacked = isPacked ? await readUnpacked(file, files) : undefined
  const byteLength = unpacked?.length ?? (await files.size(file))
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes = unpacked?.subarray(start, end) ?? (await files.part(file, start, end))
      return bytes.slice().buffer
    },
  }
}

/** The first bytes: all up to `most`, or a few more. */
export async function headOf(pieces: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const head: number[] = []
  for await (const piece of pieces) {
    head.push(...piece.subarray(0, most))
    if (head.length >= most) break
  }
  return Uint8Array.from(head)
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

function damaged(file: string, cause: unknown): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what: "can't be unpacked: its gzip data is cut short or damaged",
    remedy: 'Copy or download the file again',
    cause,
  })
}
