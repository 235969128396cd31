/** Shares as colours of a heat map. */

/** Shares in [0, 1] as red, green, blue, alpha; NaN as nothing. */
export function heatPixels(
  shares: Float32Array,
  low: string,
  high: string,
): Uint8ClampedArray<ArrayBuffer> {
  const ramp = Array.from({ length: 256 }, (_, at) => mix(low, high, at / 255))
  const pixels = new Uint8ClampedArray(shares.length * 4)
  for (let at = 0; at < shares.length; at++) {
    const share = shares[at]!
    if (Number.isNaN(share)) continue
    const [red, green, blue] = ramp[Math.max(0, Math.min(255, Math.round(share * 255)))]!
    pixels[at * 4] = red
    pixels[at * 4 + 1] = green
    pixels[at * 4 + 2] = blue
    pixels[at * 4 + 3] = 255
  }
  return pixels
}

/** Mixes two #rrggbb colours; share 0 gives the first. @returns red, green, blue */
export function mix(from: string, to: string, share: number): [number, number, number] {
  const [a, b] = [channels(from), channels(to)]
  return [0, 1, 2].map((at) => Math.round(a[at]! + (b[at]! - a[at]!) * share)) as [
    number,
    number,
    number,
  ]
}

/** Red, green, blue of #rrggbb; grey for anything else. */
export function channels(color: string): readonly [number, number, number] {
  const hex = /^#([0-9a-f]{6})/i.exec(color)?.[1]
  if (hex === undefined) return [136, 136, 136]
  const value = Number.parseInt(hex, 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
