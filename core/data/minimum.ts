/** Raises the smallest parts of a split to a minimum at the cost of the largest. */

/**
 * Takes samples one by one from the largest part (among equals the last) until no part is below the
 * minimum. Computes the level to which the largest sink instead of single moves.
 *
 * @param sizes samples per client
 * @param minimum with sizes.length · minimum ≤ Σ sizes
 * @returns new sizes with the same sum
 */
export function raiseToMinimum(sizes: Uint32Array, minimum: number): Uint32Array {
  const needed = sizes.reduce((sum, size) => sum + Math.max(0, minimum - size), 0)
  if (needed === 0) return sizes
  const above = (level: number) => sizes.reduce((sum, size) => sum + Math.max(0, size - level), 0)
  // The highest level that frees enough: above(low) ≥ needed > above(high).
  let low = minimum
  let high = sizes.reduce((most, size) => Math.max(most, size), 0)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (above(middle) >= needed) low = middle
    else high = middle
  }
  let kept = above(low) - needed
  return sizes.map((size) => {
    if (size <= low) return Math.max(size, minimum)
    if (kept === 0) return low
    kept--
    return low + 1
  })
}
