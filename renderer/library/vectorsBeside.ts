/** What a method that sends the model reached on the same federation, where the library knows. */
import { methodTitle, type RunConfig } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import { formatBytes, formatCount, formatShare, formatValue } from '../../figures/index.ts'
import { sendsVectors } from '../config/methodChoices.ts'

/** The same task, split over the same clients, of whom as many take part. */
function federationOf({ task, split, federation: { clients, participants } }: RunConfig): string {
  return JSON.stringify([task, split, clients, participants])
}

/** The best finished run of the same federation whose method sends vectors. */
export function bestWithVectors(
  config: RunConfig,
  listings: readonly RunListing[],
): RunListing | undefined {
  const same = federationOf(config)
  const found = listings.filter(
    (own) =>
      own.record.status === 'finished' &&
      sendsVectors(own.config.method.name) &&
      federationOf(own.config) === same,
  )
  const goodness = ({ record: { latest } }: RunListing) =>
    latest.testAccuracy ?? -(latest.testLoss ?? Infinity)
  return found.toSorted((a, b) => goodness(b) - goodness(a))[0]
}

/** 'FedAvg reached 88.0 % in 50 rounds, for 12.6 MB, 162 times as much.' */
export function reachedText({ config, record }: RunListing, bytes: number): string {
  const { latest, totals, rounds } = record
  const reached =
    latest.testAccuracy !== undefined
      ? formatShare(latest.testAccuracy)
      : `test loss ${formatValue(latest.testLoss)}`
  const all = totals.uplinkBytes + totals.downlinkBytes
  const times = all / bytes
  const share = times < 10 ? Number(times.toPrecision(2)) : formatCount(times)
  return `${methodTitle(config.method.name)} reached ${reached} in ${formatCount(rounds)} rounds, for ${formatBytes(all)}, ${share} times as much.`
}
