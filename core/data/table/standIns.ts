/** Numbers that stand for a missing value: many write -999 where nothing was measured. */

const usual = [-99, -999, -9999, -99999, -32768, 999, 9999, 99999]

/**
 * A usual stand-in that occurs twice or more and lies further from the other values of a column
 * than these lie apart.
 *
 * @returns undefined where there is none
 */
export function standInOf(
  cells: Float64Array,
): { readonly value: number; readonly count: number } | undefined {
  for (const value of usual) {
    let [count, least, most] = [0, Infinity, -Infinity]
    for (const cell of cells)
      if (cell === value) count++
      else [least, most] = [Math.min(least, cell), Math.max(most, cell)]
    const distance = value < least ? least - value : value - most
    if (count >= 2 && distance > most - least && most > least) return { value, count }
  }
  return undefined
}
