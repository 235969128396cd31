/** Bytes as letters that an address or a file of YAML may hold: base64url, unpadded (RFC 4648). */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3)
    const group = (a << 16) | (b << 8) | c
    const used = Math.min(3, bytes.length - at) + 1
    for (let letter = 0; letter < used; letter++) text += letters[(group >> (18 - 6 * letter)) & 63]
  }
  return text
}

/** @returns undefined where a letter is none of base64url's */
export function fromBase64url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let [held, bits, at] = [0, 0, 0]
  for (const letter of text) {
    const value = letters.indexOf(letter)
    if (value < 0) return undefined
    held = ((held << 6) | value) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (held >> bits) & 255
  }
  return bytes
}
