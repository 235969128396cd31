/**
 * The round loop: the server calls, participants answer, the server aggregates, and everybody
 * applies the new entry of the log. The exchange knows the messages; no method is known by name.
 */
import type { RoundBytes } from '../wire/index.ts'
import type { RoundAttendance } from './attendance.ts'
import type { RoundCall, Gathered, PassSize } from './exchange.ts'
import type { SimulatedRound } from './networkClock.ts'
import type { Server } from './server.ts'
import type { WorkerPool } from './workerPool.ts'

export interface RoundResult {
  /** r, zero-based. */
  readonly round: number
  readonly participants: number
  /** Participants who answered. */
  readonly answered: number
  /**
   * Mean over those of the base loss at the start of their first local step; undefined if nobody
   * answered.
   */
  readonly trainLoss: number | undefined
  readonly bytes: RoundBytes
  /**
   * Measured minibatch losses; a gradient counts as three, as its backward pass costs about two.
   */
  readonly forwardPasses: number
  /** The received frames, by ascending client. */
  readonly replies: readonly Uint8Array[]
  /** The frame appended to the log. */
  readonly entry: Uint8Array
  readonly attendance: RoundAttendance
  /** Undefined without a simulated network. */
  readonly simulated: SimulatedRound | undefined
}

export interface RoundParts extends PassSize {
  readonly server: Server
  readonly pool: WorkerPool
  /** Real clients, in place of those that the pool plays. */
  readonly clients?: RealClients | undefined
}

/** Clients elsewhere, with data of their own. */
export interface RealClients {
  /** Chooses who is called among those who are there, calls them and waits for their answers. */
  play(round: number, opening: Uint8Array): Promise<PlayedRound>
}

/** What `RealClients.play` throws when a round is given up because the run is to stop. */
export class FederationStopped extends Error {}

/** What came of a round with real clients. */
export interface PlayedRound extends RoundAttendance {
  readonly gathered: Gathered
}

/** The answers of a round's participants, before the server has processed them. */
export interface GatheredRound {
  readonly call: RoundCall
  readonly gathered: Gathered
}

export async function playRound(parts: RoundParts): Promise<RoundResult> {
  return closeRound(parts, await gatherRound(parts))
}

/**
 * Lets the participants of the coming round work. It counts nothing and changes neither log nor
 * replicas. Meanwhile the replicas may be read, and the result may be discarded and gathered again.
 */
export async function gatherRound({
  server,
  pool,
  batchesPerCall,
  pointsPerCall,
  clients,
}: RoundParts): Promise<GatheredRound> {
  const { exchange } = server
  if (clients !== undefined) return gatherFrom(clients, server, pool)
  const call = server.summon(await exchange.openingFrame(server.log.rounds, pool))
  return { call, gathered: await exchange.gather(call, pool, { batchesPerCall, pointsPerCall }) }
}

async function gatherFrom(
  clients: RealClients,
  server: Server,
  pool: WorkerPool,
): Promise<GatheredRound> {
  const { rounds: round } = server.log
  const opening = await server.exchange.openingFrame(round, pool)
  const { gathered, ...attendance } = await clients.play(round, opening)
  return { call: { round, opening, ...attendance }, gathered }
}

/**
 * Processes the answers gathered for the next round of the log, and lets everybody apply the new
 * entry.
 */
export async function closeRound(
  { server, pool }: Pick<RoundParts, 'server' | 'pool'>,
  { call, gathered: { replies, trainLoss, forwardPasses } }: GatheredRound,
): Promise<RoundResult> {
  server.open(call)
  for (const frame of replies) server.receive(frame)
  const { frame: entry, bytes, simulated } = server.closeRound()
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
    attendance: call,
    simulated,
  }
}
