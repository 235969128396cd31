/**
 * Keeps states of a run in the machine's cache while it is played, so that a walk to any of its
 * rounds is near. At most one in a second: replaying what lies between two takes about as long as
 * playing it did, or less.
 */
import type { Host } from '../../base/index.ts'
import { snapshotBytes } from '../../federation/index.ts'
import { roundsBetween } from '../after/snapshotTrail.ts'
import { StoredTrail, storedTrailBytes } from '../after/storedTrail.ts'
import type { Run } from './run.ts'

const leastMs = 1000

/** @param leastMsBetween how long it plays from one state to the next at the least */
export function keepStates(
  host: Pick<Host, 'states' | 'sha256' | 'now'>,
  run: Run,
  leastMsBetween = leastMs,
): void {
  let trail: StoredTrail | undefined
  let planned = 0
  let every = 1
  let last = { rounds: 0, at: host.now() }
  let isTaking = false

  async function take(): Promise<void> {
    isTaking = true
    // A run that ends first has no state to copy any more.
    const taken = await run.snapshot().catch(() => undefined)
    isTaking = false
    if (taken === undefined || trail === undefined) return
    const { snapshot, log } = taken
    every = roundsBetween(planned, snapshotBytes(snapshot), storedTrailBytes)
    last = { rounds: snapshot.rounds, at: host.now() }
    if (every !== Infinity) await trail.keep(snapshot, log)
  }

  run.listen((event) => {
    if (event.type === 'opened') {
      trail = StoredTrail.of(host, event.folder, event)
      planned = event.config.federation.rounds
      every = roundsBetween(planned, 4 * event.record.model.dim, storedTrailBytes)
      last = { rounds: event.resumedAt, at: host.now() }
    }
    if (event.type !== 'roundCompleted' || trail === undefined || isTaking) return
    const isFar = run.rounds - last.rounds >= every
    if (isFar && host.now() - last.at >= leastMsBetween) void take()
  })
}
