/** Data files may be packed with gzip; the readers of the formats see them unpacked. */
import { HisoError, joinBytes, type Files } from '../base/index.ts'

/**
 * What a file may unpack to: this much in any case, and so many times its own size. Tables of
 * digits shrink to a tenth, and gzip can shrink what repeats to a thousandth.
 */
const FREE_BYTES = 2 ** 26
const MOST_TIMES = 40

/**
 * The content of a file, unpacked if it is gzip (decided by its first bytes, as names can lie).
 *
 * @throws HisoError DATA_INVALID if the gzip data is cut short or damaged
 */
export async function readUnpacked(file: string, files: Files): Promise<Uint8Array> {
  if (!(await isPacked(file, files))) return files.read(file)
  const parts: Uint8Array[] = []
  for await (const part of unpackedPieces(file, files)) parts.push(part)
  return joinBytes(parts)
}

/** Like `readUnpacked`, piece by piece: for files that may be larger than memory. */
export async function* unpackedPieces(file: string, files: Files): AsyncGenerator<Uint8Array> {
  if (!(await isPacked(file, files))) {
    yield* files.pieces(file)
    return
  }
  const most = Math.max(FREE_BYTES, MOST_TIMES * (await files.size(file)))
  let unpacked = 0
  try {
    for await (const piece of files.gunzipPieces(files.pieces(file))) {
      unpacked += piece.length
      if (unpacked > most) throw tooLarge(file, most)
      yield piece
    }
  } catch (cause) {
    if (cause instanceof HisoError && cause.code === 'DATA_INVALID') throw cause
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
  const unpacked = (await isPacked(file, files)) ? await readUnpacked(file, files) : undefined
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
  const head: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces) {
    head.push(piece.subarray(0, most))
    length += Math.min(piece.length, most)
    if (length >= most) break
  }
  return joinBytes(head)
}

/** Told by the first bytes. */
async function isPacked(file: string, files: Files): Promise<boolean> {
  const [first, second] = await headOf(files.pieces(file), 2)
  return first === 0x1f && second === 0x8b
}

function tooLarge(file: string, most: number): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what: `it unpacks to more than ${Math.floor(most / 2 ** 20)} MiB, far more than tables of its size do`,
    remedy: 'If it is meant to, unpack it yourself (gunzip -k FILE) and give the unpacked file',
  })
}

function damaged(file: string, cause: unknown): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what: "can't be unpacked: its gzip data is cut short or damaged",
    remedy: 'Copy or download the file again',
    cause,
  })
}
