/**
 * A round happens here: the server calls, participants answer, the server aggregates, and everybody applies the new entry of the log.
 * What they say to each other is the exchange's business; no method is known by name.
 */
import type { RoundBytes } from '../wire/index.ts'
import type { Server } from './server.ts'
import type { WorkerPool } from './workerPool.ts'

export interface RoundResult {
  /** r, zero-based. */
  readonly round: number
  readonly participants: number
  /** Participants who did not fail to answer. */
  readonly answered: number
  /** Mean over those of the base loss at the start of their first local step; undefined when nobody answered. */
  readonly trainLoss: number | undefined
  readonly bytes: RoundBytes
  /** Minibatch losses that were measured; a gradient counts as three, for its backward pass costs about two. */
  readonly forwardPasses: number
  /** The frames that the server received, by ascending client. */
  readonly replies: readonly Uint8Array[]
  /** The frame that was appended to the log. */
  readonly entry: Uint8Array
}

export interface RoundParts {
  readonly server: Server
  readonly pool: WorkerPool
  /** See `Objective.batchesPerCall`. */
  readonly batchesPerCall: number
}

export async function playRound({
  server,
  pool,
  batchesPerCall,
}: RoundParts): Promise<RoundResult> {
  const { exchange } = server
  const call = server.call(await exchange.open(server.log.rounds, pool))
  const { replies, trainLoss, forwardPasses } = await exchange.gather(call, pool, batchesPerCall)
  for (const frame of replies) server.receive(frame)
  const { frame: entry, bytes } = server.closeRound()
  await pool.startCatchingUp()
  return {
    round: call.round,
    participants: call.participants.length,
    answered: call.answering.length,
    trainLoss,
    bytes,
    forwardPasses,
    replies,
    entry,
  }
}
