/** The messages of a round as they crossed the wire, byte by byte, for people to look at. */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  attackersOf,
  CatchUpRule,
  missedOf,
  roundSeedOf,
  sentVectorsOf,
  type Attendance,
  type RoundWorker,
} from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { isReached } from '../../network/index.ts'
import { attendanceOf, openLog, readDim, readRunConfig, RunFrames } from '../../runs/index.ts'
import {
  decode,
  encode,
  frameFields,
  ScalarLog,
  snapshotParts,
  type Change,
  type FrameField,
  type Message,
  type ReplicaState,
} from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'

/** A message of a round as it went over the wire. */
export interface InspectedMessage {
  readonly direction: 'down' | 'up'
  readonly client: number
  readonly message: Message
  readonly bytes: Uint8Array
  /** The parts of `bytes`, in order and without gaps. */
  readonly fields: readonly FrameField[]
  /** A reply of a client that attacks: known to the simulation, not to the wire. */
  readonly isForged: boolean
  /** How many frames of a catch-up are not shown: long catch-ups are cut. */
  readonly omittedFrames: number
}

export interface Participation {
  /** For each round [from, to): its participants. */
  readonly participants: readonly Uint32Array[]
  /** Those of them who answered. */
  readonly answering: readonly Uint32Array[]
}

/**
 * Frames of catch-up that are listed for a round: only clients that were away for very long, or
 * very many of them, have more.
 */
const mostListed = 2000

/**
 * Reads the round and what was caught up with it, and nothing else of the run.
 * @param frames of the folder, kept from one call to the next
 * @throws HisoError RUN_…
 */
export async function inspectRound(
  host: EngineHost,
  folder: string,
  round: number,
  frames = new RunFrames(host, folder),
): Promise<InspectedMessage[]> {
  const config = await readRunConfig(host, folder)
  if (round >= (await frames.log.rounds())) return []
  const { federation, seed } = config
  const dim = await readDim(host, folder)
  const opening = inspect('down', 0, await openingOf(host, config, frames, round), 0)
  const attendance = await attendanceOf(host.files.own(folder), config, dim, () =>
    frames.log.read(0, round + 1),
  )
  const { participants, known, times } = attendance.of(round)
  const seen =
    known === undefined
      ? lastSeen(attendance, participants, round)
      : new Map(Array.from(participants, (client, at) => [client, known[at]!]))
  const missed = movesVectors(config.method)
    ? undefined
    : await catchUps({ host, config, dim, frames, round }, seen, participants)
  const messages: InspectedMessage[] = []
  for (const [at, client] of participants.entries())
    if (times === undefined || isReached(times, at))
      messages.push({ ...opening, client }, ...(missed?.get(client) ?? []))
  const attackers = new Set(attackersOf(federation, seed))
  for (const reply of await frames.replies.read(round, round + 1))
    messages.push({
      ...inspect('up', reply.client, encode(reply), 0),
      isForged: attackers.has(reply.client),
    })
  return messages
}

/**
 * The frame that opened a round. A model is rebuilt from the log in a thread of its own, which
 * takes the dataset and the model that the run began with.
 */
async function openingOf(
  host: EngineHost,
  config: RunConfig,
  frames: RunFrames,
  round: number,
): Promise<Uint8Array> {
  const { federation, method, seed } = config
  if (!movesVectors(method))
    return encode({
      type: 'assignment',
      round,
      localSteps: federation.localSteps,
      seed: roundSeedOf(method, seed, round),
    })
  return atRound(host, config, frames, round, (worker) => worker.model())
}

interface InspectedRound {
  readonly host: EngineHost
  readonly config: RunConfig
  /** d */
  readonly dim: number
  readonly frames: RunFrames
  readonly round: number
}

/** What each participant was sent, besides the opening, when the round began. */
async function catchUps(
  inspected: InspectedRound,
  seen: ReadonlyMap<number, number>,
  participants: Uint32Array,
): Promise<Map<number, InspectedMessage[]>> {
  const { frames, round } = inspected
  const listed = Math.ceil(mostListed / participants.length)
  const changes = await changesOf(frames, round)
  const caughtUp = await snapshotRule(inspected, changes)
  let snapshot: readonly Uint8Array[] | undefined
  const missed = new Map<number, InspectedMessage[]>()
  for (const client of participants) {
    const from = seen.get(client)!
    const own: InspectedMessage[] = []
    let omitted: number
    if (caughtUp?.isSnapshot(from) === true) {
      snapshot ??= await snapshotFrames(inspected, caughtUp.changed)
      for (const frame of snapshot.slice(0, listed)) own.push(inspect('down', client, frame, 0))
      omitted = snapshot.length - own.length
    } else {
      const shown = Math.min(round, from + listed)
      for await (const frame of frames.log.frames(from, shown))
        own.push(inspect('down', client, frame, 0))
      omitted = round - shown
    }
    for (const change of changes) own.push(inspect('down', client, encode(change), 0))
    const last = own.pop()
    if (last !== undefined) own.push({ ...last, omittedFrames: omitted })
    missed.set(client, own)
  }
  return missed
}

/** The settings that were changed right before a round. */
async function changesOf(frames: RunFrames, round: number): Promise<Change[]> {
  const messages = await frames.log.read(round, round + 1)
  return messages.filter((message) => message.type === 'change')
}

/** Who was sent a snapshot, by the rounds that it knew; undefined where nobody is. */
async function snapshotRule(
  { config, dim, frames, round }: InspectedRound,
  changes: readonly Change[],
) {
  const rule = new CatchUpRule(config)
  if (!rule.hasSnapshots) return undefined
  const log = new ScalarLog()
  for (const message of await frames.log.read(0, round)) log.append(message)
  for (const change of changes) log.append(change)
  return {
    changed: log.changed,
    isSnapshot: (known: number) => rule.choose(missedOf(log, known), dim).kind === 'snapshot',
  }
}

/** The frames of the state before a round, which a worker rebuilds from the log. */
async function snapshotFrames(
  { host, config, frames, round }: InspectedRound,
  changed: ReplicaState['changed'],
): Promise<Uint8Array[]> {
  const vectors = await atRound(host, config, frames, round, sentVectorsOf)
  return Array.from(snapshotParts({ round, changed, vectors }), encode)
}

/** Asks a worker that stands before a round. */
async function atRound<Answer>(
  host: EngineHost,
  config: RunConfig,
  frames: RunFrames,
  round: number,
  ask: (worker: RoundWorker) => Promise<Answer>,
): Promise<Answer> {
  const { worker } = await host.startWorker(config)
  try {
    for await (const frame of frames.log.frames(0, round)) await worker.apply(frame)
    return await ask(worker)
  } finally {
    await worker.close()
  }
}

/**
 * For each participant the rounds that it knows. One of round s was brought up to s, and misses the
 * entry of s itself.
 */
function lastSeen(
  attendance: Attendance,
  participants: Uint32Array,
  round: number,
): Map<number, number> {
  const seen = new Map(Array.from(participants, (client) => [client, 0]))
  const waiting = new Set(participants)
  for (let before = round - 1; before >= 0 && waiting.size > 0; before--)
    for (const client of attendance.of(before).participants)
      if (waiting.delete(client)) seen.set(client, before)
  return seen
}

function inspect(
  direction: InspectedMessage['direction'],
  client: number,
  bytes: Uint8Array,
  omittedFrames: number,
): InspectedMessage {
  return {
    direction,
    client,
    message: decode(bytes).message,
    bytes,
    fields: frameFields(bytes),
    isForged: false,
    omittedFrames,
  }
}

/** Who took part in the rounds [from, to), and who of them answered. */
export async function readParticipation(
  host: Host,
  folder: string,
  from: number,
  to: number,
): Promise<Participation> {
  const config = await readRunConfig(host, folder)
  const attendance = await attendanceOf(
    host.files.own(folder),
    config,
    await readDim(host, folder),
    () => openLog(host, folder).read(0, to),
  )
  const rounds = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  const all = rounds.map((round) => attendance.of(round))
  return {
    participants: all.map(({ participants }) => participants),
    answering: all.map(({ answering }) => answering),
  }
}
