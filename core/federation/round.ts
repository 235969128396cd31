/**
 * A round happens here: the server calls, participants answer, the server aggregates, and everybody
 * applies the new entry of the log. What they say to each other is the exchange's business; no
 * method is known by name.
 */
import type { RoundBytes } from '../wire/index.ts'
import type { RoundCall, Gathered } from './exchange.ts'
import type { Server } from './server.ts'
import type { WorkerPool } from './workerPool.ts'

export interface RoundResult {
  /** r, zero-based. */
  readonly round: number
  readonly participants: number
  /** Participants who did not fail to answer. */
  readonly answered: number
  /**
   * Mean over those of the base loss at the start of their first local step; undefined when nobody
   * answered.
   */
  readonly trainLoss: number | undefined
  readonly bytes: RoundBytes
  /**
   * Minibatch losses that were measured; a gradient counts as three, for its backward pass costs
   * about two.
   */
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

/** What the participants of a round have answered, before the server has taken any of it in. */
export interface GatheredRound {
  readonly call: RoundCall
  readonly gathered: Gathered
}

export async function playRound(parts: RoundParts): Promise<RoundResult> {
  return closeRound(parts, await gatherRound(parts))
}

/**
 * Lets the participants of the coming round work. Nothing is counted and nothing changes, neither
 * log nor replicas: while it is under way the replicas may be read, and what it gives may be thrown
 * away and gathered anew.
 */
export async function gatherRound({
  server,
  pool,
  batchesPerCall,
}: RoundParts): Promise<GatheredRound> {
  const { exchange } = server
  const call = server.summon(await exchange.openingFrame(server.log.rounds, pool))
  return { call, gathered: await exchange.gather(call, pool, batchesPerCall) }
}

/**
 * Takes in what was gathered for the round that follows the log, and lets everybody apply the new
 * entry.
 */
export async function closeRound(
  { server, pool }: Pick<RoundParts, 'server' | 'pool'>,
  { call, gathered: { replies, trainLoss, forwardPasses } }: GatheredRound,
): Promise<RoundResult> {
  server.open(call)
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
