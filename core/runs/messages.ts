/** The messages of a log that is in memory. */
import { decodeFrames, type LogMessage, type ScalarLog } from '../wire/index.ts'

/**
 * All messages of a log, from the first round on.
 * @param rounds only those of the first rounds, without changes behind them
 */
export function messagesOf(log: ScalarLog, rounds?: number): Generator<LogMessage> {
  return decodeFrames(rounds === undefined ? log.since(0) : log.slice(0, rounds))
}
