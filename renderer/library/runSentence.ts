/** A run in a sentence: what was reached, what was sent, and what FedAvg sent and reached. */
import { factsOfTask, methodTitle } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import { formatBytes, formatCount, formatShare, formatValue } from '../../figures/index.ts'
import { sendsVectors } from '../config/methodChoices.ts'
import type { OpenRun } from '../stores/openRun.ts'
import { bestWithVectors, reachedText } from './vectorsBeside.ts'

/**
 * @param listings the library, in which a run of FedAvg on the same federation may be
 * @returns undefined for a run without a round
 */
export function runSentence(
  { config, record, series }: OpenRun,
  listings: readonly RunListing[],
): string | undefined {
  if (config === undefined || record === undefined || series.rounds === 0) return undefined
  const columns = series.view()
  const last = columns.round.length - 1
  const bytes = columns.cumulativeUplinkBytes[last]! + columns.cumulativeDownlinkBytes[last]!
  const accuracy = series.latest('testAccuracy')
  const loss = series.latest('testLoss')
  const reached =
    factsOfTask(config.task).hasAccuracy && accuracy !== undefined
      ? `${formatShare(accuracy)} of the test samples are right`
      : loss === undefined
        ? 'it has ended'
        : `the test loss is ${formatValue(loss)}`
  const fedAvg = 8 * record.model.dim * columns.cumulativeParticipants[last]!
  const played = bestWithVectors(config, listings)
  const beside =
    sendsVectors(config.method.name) || fedAvg <= bytes
      ? ''
      : played !== undefined
        ? ` ${reachedText(played, bytes)}`
        : ` FedAvg would have sent ${formatBytes(fedAvg)} in as many rounds, ${formatCount(fedAvg / bytes)} times as much; how far it would get, only a run of it tells.`
  return `${methodTitle(config.method.name)}: after ${formatCount(series.rounds)} rounds ${reached}, for ${formatBytes(bytes)} in all.${beside}`
}
