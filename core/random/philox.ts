/**
 * Philox4x32, the counter-based generator of Random123: four words that are a pure function of a
 * counter and a key. All randomness in HiSo comes from here; `noise.ts` and `stream.ts` lay out the
 * counters.
 */

const multiplier0 = 0xd2511f53
const multiplier1 = 0xcd9e8d57
const weyl0 = 0x9e3779b9
const weyl1 = 0xbb67ae85

/**
 * Philox4x32-R: out = F^R(counter), one round F being, with 64-bit products hi:lo,
 *
 *     (c0, c1, c2, c3) -> (hi(M1·c2) ^ c1 ^ k0,  lo(M1·c2),  hi(M0·c0) ^ c3 ^ k1,  lo(M0·c0))
 *
 * and (k0, k1) advanced by (0x9E3779B9, 0xBB67AE85) mod 2^32 between rounds; M0 = 0xD2511F53, M1 =
 * 0xCD9E8D57.
 *
 * @param counter0 the counter's least significant word; all words uint32 (int32 with the same bits
 *   is fine too)
 * @param out uint32[4], overwritten
 * @param rounds 10 everywhere in HiSo; 7 is the fewest that passes BigCrush
 * @see Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11
 */
export function philox4x32(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  rounds = 10,
): void {
  let c0 = counter0 >>> 0
  let c1 = counter1 | 0
  let c2 = counter2 >>> 0
  let c3 = counter3 | 0
  let k0 = key0 | 0
  let k1 = key1 | 0
  for (let round = 0; round < rounds; round++) {
    const low0 = Math.imul(multiplier0, c0) >>> 0
    const low1 = Math.imul(multiplier1, c2) >>> 0
    // The float64 product is off by at most 2^10, so that (product − low) / 2^32 lies within 2^-20
    // of the high word.
    const high0 = (multiplier0 * c0 - low0) * 2 ** -32 + 0.5
    const high1 = (multiplier1 * c2 - low1) * 2 ** -32 + 0.5
    c0 = ((high1 >>> 0) ^ c1 ^ k0) >>> 0
    c2 = ((high0 >>> 0) ^ c3 ^ k1) >>> 0
    c1 = low1
    c3 = low0
    k0 = (k0 + weyl0) | 0
    k1 = (k1 + weyl1) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
