/** Where dots of one value stand: beside each other, as dots on each other look like one. */

/**
 * @param values of one column of dots
 * @param room how far from the middle of the column a dot may stand
 * @returns for each value its distance from the middle of the column
 */
export function abreast(values: readonly number[], room: number): readonly number[] {
  const alike = new Map<number, number[]>()
  values.forEach((value, index) => alike.set(value, [...(alike.get(value) ?? []), index]))
  const offsets = new Array<number>(values.length).fill(0)
  for (const indices of alike.values()) {
    const gap = Math.min(18, (2 * room) / indices.length)
    indices.forEach((index, at) => (offsets[index] = gap * (at - (indices.length - 1) / 2)))
  }
  return offsets
}
