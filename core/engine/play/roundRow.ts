/** What a round leaves in metrics.csv, and whether the run has left all bounds with it. */
import { HisoError } from '../../base/index.ts'
import { divergenceRemedy, type RoundResult, type Server } from '../../federation/index.ts'
import type { Method } from '../../methods/index.ts'
import type { MetricsRow, Quality } from '../../runs/index.ts'

export interface RowContext {
  readonly server: Server
  /** Of the run, up to this round. */
  readonly elapsedMs: number
  /** Forward passes of the rounds before. */
  readonly passesBefore: number
}

export function rowOf(
  result: RoundResult,
  quality: Quality,
  { server, elapsedMs, passesBefore }: RowContext,
): MetricsRow {
  const { exchange, ledger } = server
  const { cumulative } = ledger
  return {
    round: result.round + 1,
    trainLoss: result.trainLoss,
    ...quality,
    ...result.bytes,
    cumulativeUplinkBytes: cumulative.uplinkBytes,
    cumulativeDownlinkBytes: cumulative.downlinkBytes,
    elapsedMs: Math.round(elapsedMs * 1000) / 1000,
    participants: result.participants,
    answered: result.answered,
    perturbations: exchange.method.perturbations(result.round),
    learningRate: exchange.method.learningRate(result.round),
    forwardPasses: result.forwardPasses,
    cumulativeForwardPasses: passesBefore + result.forwardPasses,
    paperBytes: exchange.paperBytes(result.round, result.participants),
    epsilon: exchange.privacyBudget?.epsilon,
    simulatedMs: result.simulated?.simulatedMs,
    late: result.simulated?.late,
    broadcastBytes: result.simulated?.broadcastBytes,
  }
}

/**
 * A train loss this many times the first one (plus one) counts as divergence: no useful run
 * recovers from there.
 */
const divergenceFactor = 1e3

/** A loss in a sentence; metrics.csv has all its digits. */
const readable = (loss: number) =>
  loss < 1e6 ? Number(loss.toPrecision(4)) : loss.toExponential(2).replace('+', '')

/**
 * @param first the train loss of the first round
 * @throws HisoError LOSS_NOT_FINITE
 */
export function checkDivergence(
  { round, trainLoss }: RoundResult,
  first: number | undefined,
  method: Method,
): void {
  if (
    first === undefined ||
    trainLoss === undefined ||
    trainLoss <= divergenceFactor * (1 + Math.abs(first))
  )
    return
  throw new HisoError('LOSS_NOT_FINITE', {
    where: `round ${round + 1}`,
    what: `the train loss has grown from ${readable(first)} to ${readable(trainLoss)}: the run has diverged`,
    remedy: divergenceRemedy(method),
  })
}
