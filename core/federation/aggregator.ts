/** Pieces: how the answers of the participants become one. */
import type { Reply } from '../wire/index.ts'

export interface Aggregator {
  /**
   * @param replies at least one, by ascending client, all of the same shape
   * @returns ḡ_{k,p}, float32[τ · P]
   */
  aggregate(replies: readonly Reply[]): Float32Array
}

/** ḡ = mean over participants, summed in float64 by ascending client. */
export const mean: Aggregator = {
  aggregate: (replies) =>
    replies[0]!.scalars.map((_, index) => {
      let sum = 0
      for (const { scalars } of replies) sum += scalars[index]!
      return sum / replies.length
    }),
}
