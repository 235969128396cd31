/** Checksums of files and messages: CRC-32 as zlib and PNG compute it, CRC-32C as TFRecords do. */

/** What each value of a byte does to the register, for a reflected polynomial. */
export function crcTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ polynomial : byte >>> 1
    return byte
  })
}

const tables = { ieee: crcTable(0xedb88320), castagnoli: crcTable(0x82f63b78) }

/** CRC-32 (IEEE 802.3, reflected), the one of zlib and PNG. */
export function crc32(bytes: Uint8Array): number {
  return crcOf(bytes, tables.ieee)
}

/** CRC-32C (Castagnoli, reflected), the one of TFRecords. */
export function crc32c(bytes: Uint8Array): number {
  return crcOf(bytes, tables.castagnoli)
}

function crcOf(bytes: Uint8Array, table: Uint32Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!
  return ~crc >>> 0
}
