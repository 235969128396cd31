/** Samples by their label (a class, or the client that holds them): how many, and which. */

/** How many samples have each label in [0, count). */
export function countLabels(labels: Int32Array | Uint32Array, count: number): Uint32Array {
  const counts = new Uint32Array(count)
  for (const label of labels) counts[label]!++
  return counts
}

/**
 * The samples with each label, ascending.
 *
 * @param sizes how many samples have each label
 */
export function groupByLabel(
  labels: Int32Array | Uint32Array,
  sizes: Uint32Array,
): readonly Uint32Array[] {
  const groups = Array.from(sizes, (size) => new Uint32Array(size))
  const filled = new Uint32Array(sizes.length)
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!
    groups[label]![filled[label]!++] = index
  }
  return groups
}
