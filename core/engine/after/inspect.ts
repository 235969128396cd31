/** The messages of a round as they crossed the wire, byte by byte, for people to look at. */
import type { Host } from '../../base/index.ts'
import { answeringOf, attackersOf, participantsOf, roundSeedOf } from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { readReplies, readRun, readRunConfig, type StoredRun } from '../../runs/index.ts'
import { decode, encode, frameFields, type FrameField, type Message } from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { openWorker } from '../play/openWorker.ts'

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

/** @throws HisoError RUN_… */
export async function inspectRound(
  host: EngineHost,
  folder: string,
  round: number,
): Promise<InspectedMessage[]> {
  const run = await readRun(host, folder)
  if (round >= run.log.rounds) return []
  const { federation, seed } = run.config
  const hasCatchUp = !movesVectors(run.config.method)
  const opening = inspect('down', 0, await openingOf(host, run, round), 0)
  const messages: InspectedMessage[] = []
  const participants = participantsOf(federation, seed, round)
  const listed = Math.ceil(mostListed / participants.length)
  for (const client of participants) {
    messages.push({ ...opening, client })
    if (hasCatchUp) messages.push(...catchUp(run, client, round, listed))
  }
  const attackers = new Set(attackersOf(federation, seed))
  for (const reply of await readReplies(host, folder, round, round + 1))
    messages.push({
      ...inspect('up', reply.client, encode(reply), 0),
      isForged: attackers.has(reply.client),
    })
  return messages
}

/**
 * The frame that opened a round. A model is rebuilt from the log, which needs the dataset and the
 * initial model.
 */
async function openingOf(host: EngineHost, run: StoredRun, round: number): Promise<Uint8Array> {
  const { federation, method, seed } = run.config
  if (!movesVectors(method))
    return encode({
      type: 'assignment',
      round,
      localSteps: federation.localSteps,
      seed: roundSeedOf(method, seed, round),
    })
  const { worker } = await openWorker(run.config, host)
  try {
    await worker.apply(run.log.slice(0, round))
    return await worker.model()
  } finally {
    await worker.close()
  }
}

/**
 * The frames that a participant had missed when the round began.
 * @param listed rounds at most
 */
function catchUp(
  { config, log }: StoredRun,
  client: number,
  round: number,
  listed: number,
): InspectedMessage[] {
  const { federation, seed } = config
  let seen = round
  while (seen > 0 && !participantsOf(federation, seed, seen - 1).includes(client)) seen--
  // A participant of round s was brought up to s, and misses the entry of s itself.
  const from = Math.max(0, seen - 1)
  const shown = Math.min(round, from + listed)
  const frames: InspectedMessage[] = []
  const bytes = log.slice(from, shown)
  for (let offset = 0; offset < bytes.length;) {
    const { end } = decode(bytes, offset)
    frames.push(inspect('down', client, bytes.slice(offset, end), 0))
    offset = end
  }
  const last = frames.at(-1)
  return last === undefined
    ? []
    : [...frames.slice(0, -1), { ...last, omittedFrames: round - shown }]
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
  const { federation, seed } = await readRunConfig(host, folder)
  const rounds = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  const participants = rounds.map((round) => participantsOf(federation, seed, round))
  return {
    participants,
    answering: participants.map((clients, index) =>
      answeringOf(clients, federation, seed, rounds[index]!),
    ),
  }
}
