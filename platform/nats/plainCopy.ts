/**
 * What arrives is a Node `Buffer`, whose `slice` and `buffer` are not those of the `Uint8Array`
 * that
 * core expects, and whose memory is used again.
 */
export const plainCopy = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)
