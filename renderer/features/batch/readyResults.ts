/** Runs of the library that are already what a batch would play, bit for bit. */
import type { RunConfig } from '../../../core/config/index.ts'
import type { RunListing } from '../../../core/engine/index.ts'

/** What the numbers of a run follow from: all but its name and the share of the machine. */
function resultKey({ name: _name, compute, ...rest }: RunConfig): string {
  const { provider, layout } = compute
  return JSON.stringify([inOrder(rest), provider, layout])
}

/** With sorted keys: one config was read from a file, the other from a form. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inOrder(inner)]),
  )
}

/** A run that was forked, extended or changed on its way is not what its config would give. */
function isResult({ record, config }: RunListing): boolean {
  return (
    record.status === 'finished' &&
    record.hasChanges !== true &&
    record.forkedFrom === undefined &&
    record.rounds === config.federation.rounds
  )
}

/** By config of the batch. */
export function readyResults(
  configs: readonly RunConfig[],
  listings: readonly RunListing[],
): Map<RunConfig, RunListing> {
  const known = new Map<string, RunListing>()
  for (const listing of listings)
    if (isResult(listing)) known.set(resultKey(listing.config), listing)
  return new Map(
    configs.flatMap((config) => {
      const found = known.get(resultKey(config))
      return found === undefined ? [] : [[config, found]]
    }),
  )
}
