/**
 * One round of a run's past, played once more by the round loop itself with a witness: who took
 * part, every loss that was measured, every frame that was sent, the state before and after. What
 * the run recorded stands beside it, to be compared.
 */
import { joinBytes } from '../base/index.ts'
import {
  attackersOf,
  gatherRound,
  sentVectorsOf,
  Server,
  WorkerPool,
  type CatchUp,
  type RoundCall,
  type RoundWorker,
  type ServerConfig,
  type PassSize,
} from '../federation/index.ts'
import type { Method } from '../methods/index.ts'
import {
  decode,
  decodeFrames,
  encode,
  snapshotParts,
  type Answer,
  type RoundBytes,
  type ScalarLog,
} from '../wire/index.ts'
import {
  watchWorker,
  type MeasuredCurvature,
  type MeasuredLoss,
  type ObservedTraining,
} from './witness.ts'

export interface RoundToWalk extends PassSize {
  readonly config: ServerConfig
  /** d */
  readonly dim: number
  /** The run's whole log. */
  readonly log: ScalarLog
  /** r, zero-based, a round of the log. */
  readonly round: number
  /** Opened on the run's task; it is at round 0, or at a round up to r if it was used before. */
  readonly worker: RoundWorker
  /** Rounds that the worker has applied. */
  readonly workerRounds: number
  /** What the run recorded of the participants' answers of this round; none where it kept none. */
  readonly answers: readonly Answer[]
  /**
   * Why the model or its data are gone. The round is then not played again: the answers are those
   * that were recorded, the state is what the log says of it.
   */
  readonly missing?: string | undefined
}

/** x, H and their hash. */
interface WalkState {
  /** float32[d] */
  readonly params: Float32Array
  /** float32[d] */
  readonly hessian: Float32Array
  readonly stateHash: string
}

/** What one participant got and sent. */
export interface WalkParticipant {
  readonly client: number
  /** Whether its answer arrived. */
  readonly answers: boolean
  readonly attacks: boolean
  /** What it was sent for the rounds that it had missed; no bytes where no catch-up is needed. */
  readonly catchUp: CatchUp
  /** The frames of that; of a snapshot only the first, or none where x is not known. */
  readonly catchUpFrames: Uint8Array
  /** How many rounds it had missed. */
  readonly missedRounds: number
  /** The frame that it sent; undefined where none arrived. */
  readonly reply: Uint8Array | undefined
  /** Whether that frame is the one that the run recorded; undefined where it recorded none. */
  readonly isAsRecorded: boolean | undefined
}

export interface RoundRecord {
  readonly round: number
  /** See `RoundToWalk`. */
  readonly missing?: string | undefined
  /** The method as it stood in this round. */
  readonly method: Method
  /** The frame that opened the round. */
  readonly opening: Uint8Array
  readonly participants: readonly WalkParticipant[]
  /** Every loss that was measured, in the order in which it was asked for. */
  readonly measured: readonly MeasuredLoss[]
  readonly curvatures: readonly MeasuredCurvature[]
  readonly trained: readonly ObservedTraining[]
  /** The log's entry. */
  readonly entry: Uint8Array
  /** Whether this replay made the same, byte for byte. */
  readonly isEntryAsRecorded: boolean
  readonly bytes: RoundBytes
  readonly before: WalkState
  /** After the log's entry, whatever this replay measured. */
  readonly after: WalkState
}

/** @throws HisoError as the round itself would: LOSS_NOT_FINITE and what a session may throw */
export async function recordRound(walk: RoundToWalk): Promise<RoundRecord> {
  const { config, dim, log, round, worker, workerRounds, batchesPerCall, pointsPerCall } = walk
  const { changes, entry } = splitRound(log.slice(round, round + 1))
  const server = new Server(config, dim)
  server.restore(decodeFrames(log.slice(0, round)))
  server.restore(decodeFrames(changes))
  await worker.apply(joinBytes([log.slice(workerRounds, round), changes]))
  const before = await stateOf(worker)
  const witness = watchWorker(worker)
  // The worker stands where the round begins; it must not be sent the log again.
  const nothingMissed = () => new Uint8Array()
  const pool = new WorkerPool(
    () => Promise.resolve(witness),
    1,
    nothingMissed,
    () => {},
  )
  const { call, replies } =
    walk.missing === undefined
      ? await playedAgain({ server, pool, batchesPerCall, pointsPerCall })
      : {
          call: server.summon(await server.exchange.openingFrame(round, pool)),
          replies: walk.answers.map(encode),
        }
  const { catchesUp } = server.exchange
  const snapshot = await firstFrame(walk, server, call)
  const attackers = new Set(attackersOf(config.federation, config.seed))
  const answering = new Set(call.answering)
  const sent = new Map(replies.map((frame) => [senderOf(frame), frame]))
  const recorded = new Map(walk.answers.map((answer) => [answer.client, encode(answer)]))
  const participants = Array.from(call.participants, (client): WalkParticipant => {
    const reply = sent.get(client)
    const kept = recorded.get(client)
    const catchUp = server.catchUpOf(client)
    const missed = catchesUp ? server.framesFor(client) : new Uint8Array()
    return {
      client,
      answers: answering.has(client),
      attacks: attackers.has(client),
      catchUp,
      catchUpFrames: catchUp.kind === 'snapshot' ? snapshot : missed.slice(),
      missedRounds: catchesUp ? server.missedBy(client) : 0,
      reply,
      isAsRecorded: kept && reply && isEqual(kept, reply),
    }
  })
  server.open(call)
  for (const frame of replies) server.receive(frame)
  const closed = server.closeRound()
  await worker.apply(entry)
  return {
    round,
    missing: walk.missing,
    method: server.exchange.method,
    opening: call.opening,
    participants,
    measured: witness.measured,
    curvatures: witness.curvatures,
    trained: witness.trained,
    entry: entry.slice(),
    // Answers that were not recorded can't be aggregated again.
    isEntryAsRecorded: walk.missing !== undefined || isEqual(closed.frame, entry),
    bytes: closed.bytes,
    before,
    after: await stateOf(worker),
  }
}

/** Of the snapshot that some participant is sent; empty where none is, or x is not known. */
async function firstFrame(
  { missing, worker }: RoundToWalk,
  server: Server,
  { round, participants }: RoundCall,
): Promise<Uint8Array> {
  if (missing !== undefined || !participants.some((it) => server.catchUpOf(it).kind === 'snapshot'))
    return new Uint8Array()
  const state = { round, changed: server.log.changed, vectors: await sentVectorsOf(worker) }
  const [first] = snapshotParts(state)
  return encode(first!)
}

async function playedAgain(parts: Parameters<typeof gatherRound>[0]) {
  const { call, gathered } = await gatherRound(parts)
  return { call, replies: gathered.replies }
}

/** The changes of settings before a round, and the round's own entry. */
function splitRound(frames: Uint8Array): { changes: Uint8Array; entry: Uint8Array } {
  let from = 0
  for (let at = 0; at < frames.length;) {
    from = at
    at = decode(frames, at).end
  }
  return { changes: frames.subarray(0, from), entry: frames.subarray(from) }
}

async function stateOf(worker: RoundWorker): Promise<WalkState> {
  return {
    params: await worker.params(),
    hessian: await worker.hessian(),
    stateHash: await worker.stateHash(),
  }
}

function senderOf(frame: Uint8Array): number {
  const { message } = decode(frame)
  if (message.type !== 'reply' && message.type !== 'update')
    throw new Error(`a participant answers with a reply or an update, not with ${message.type}`)
  return message.client
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
