/** Runs of the library that go on now: their records on disk are those of a moment ago. */
import type { RunListing } from '../../core/engine/index.ts'
import { isLive, type OpenRun } from '../stores/openRun.ts'

export interface ShownListing extends RunListing {
  readonly isPaused?: boolean
}

const latestColumns = ['trainLoss', 'testLoss', 'testAccuracy'] as const

/** A listing as it is now, where its run is open and goes on. */
export function asItIsNow(listing: RunListing, run: OpenRun | undefined): ShownListing {
  if (run === undefined || !isLive(run)) return listing
  const { record } = listing
  const { series, state } = run
  const latest = latestColumns.flatMap((column) => {
    const value = series.latest(column)
    return value === undefined ? [] : [[column, value] as const]
  })
  const total = (column: Parameters<typeof series.latest>[0]) => series.latest(column) ?? 0
  return {
    ...listing,
    isLive: true,
    isPaused: state === 'paused',
    record: {
      ...record,
      rounds: series.rounds,
      latest: { ...record.latest, ...Object.fromEntries(latest) },
      totals: {
        ...record.totals,
        uplinkBytes: total('cumulativeUplinkBytes'),
        downlinkBytes: total('cumulativeDownlinkBytes'),
        forwardPasses: total('cumulativeForwardPasses'),
        elapsedMs: total('elapsedMs'),
      },
    },
  }
}
