/** Data files may be packed with gzip; the formats' readers see them unpacked. */
import { HisoError, type Files } from '../base/index.ts'

/**
 * The content of a file, unpacked if it is gzip (told by its first bytes, as names can lie).
 *
 * @throws HisoError DATA_INVALID when the gzip data is cut short or damaged
 */
export async function readUnpacked(file: string, files: Files): Promise<Uint8Array> {
  const bytes = await files.read(file)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await files.gunzip(bytes)
  } catch (cause) {
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: "can't be unpacked: its gzip data is cut short or damaged",
      remedy: 'Copy or download the file again',
      cause,
    })
  }
}
