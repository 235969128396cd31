/** How deep data from elsewhere is nested: what walks through it calls itself level by level. */

/** Whether plain data has more than `most` levels of lists and groups in each other. */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((part): unknown[] =>
      typeof part !== 'object' || part === null ? [] : Object.values(part).filter(isGroup),
    )
  }
  return false
}

const isGroup = (part: unknown) => typeof part === 'object' && part !== null
