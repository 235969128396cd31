/** Columns that say the class in other words: a second label, or a code of it. */

/**
 * Whether each class has one value of the column, and each value one class.
 *
 * @param labels of the rows, as `values`
 */
export function tellsClass(values: Float64Array, labels: readonly number[]): boolean {
  const valueOf = new Map<number, number>()
  for (const [row, value] of values.entries()) {
    const known = valueOf.get(labels[row]!)
    if (known === undefined) valueOf.set(labels[row]!, value)
    else if (known !== value) return false
  }
  return new Set(valueOf.values()).size === valueOf.size
}
