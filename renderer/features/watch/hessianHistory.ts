/** Looks at H while a run goes on, joined: as many as a picture can use. */
import type { HessianSnapshot } from '../../../core/engine/index.ts'

/** Twice what a replay gives, so that one half may be let go. */
const mostSnapshots = 96

/**
 * Puts later snapshots behind earlier ones; where they become too many every other one goes, never
 * the newest.
 */
export function joinSnapshots(
  earlier: readonly HessianSnapshot[],
  later: readonly HessianSnapshot[],
): readonly HessianSnapshot[] {
  const last = earlier.at(-1)?.rounds ?? -1
  const joined = [...earlier, ...later.filter(({ rounds }) => rounds > last)]
  return joined.length <= mostSnapshots
    ? joined
    : joined.filter((_, at) => (joined.length - 1 - at) % 2 === 0)
}
