/** Who computed how much of a run, and in which class of machines: their bits are equal. */
import type { RunRecord } from '../../runs/index.ts'

export type Contribution = NonNullable<RunRecord['computedBy']>[number]

/** Those of an earlier sitting and of this one, each machine of a class once. */
export function addContributions(
  before: readonly Contribution[],
  now: readonly Contribution[],
): Contribution[] {
  const all = new Map<string, Contribution>()
  for (const each of [...before, ...now]) {
    const key = `${each.classOf} ${each.machine}`
    const batches = (all.get(key)?.batches ?? 0) + each.batches
    if (batches > 0) all.set(key, { ...each, batches })
  }
  return [...all.values()]
}

/** How many classes have computed a run: with more than one, playing it again gives other bits. */
export function classesOf({ computedBy = [] }: Pick<RunRecord, 'computedBy'>): number {
  return new Set(computedBy.map(({ classOf }) => classOf)).size
}
