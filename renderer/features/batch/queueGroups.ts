/** Runs of the batch that differ only by their seed, as one group of rows. */
import type { RunConfig } from '../../../core/config/index.ts'

export interface QueueGroup<Item> {
  readonly key: string
  readonly items: readonly Item[]
}

/** In the order in which the first of each group came. */
export function groupItems<Item extends { readonly config: RunConfig }>(
  items: readonly Item[],
): QueueGroup<Item>[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = JSON.stringify({ ...item.config, seed: 0 })
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups].map(([key, own]) => ({ key, items: own }))
}
