/**
 * Messages of a round prepared for looking at: what each is called, which kind of thing each byte
 * is, and what it adds up to.
 */
import type { CatchUpCost, InspectedMessage } from '../../../core/engine/index.ts'
import type { FrameField } from '../../../core/wire/index.ts'
import { formatBytes, formatCount } from '../../../figures/index.ts'

/** What a stretch of bytes is, and with it its colour. */
export type FieldKind = 'frame' | 'round' | 'seed' | 'scalar' | 'vector' | 'client' | 'count'

export const fieldColors: Readonly<Record<FieldKind, string>> = {
  frame: 'chart-8',
  round: 'chart-6',
  seed: 'chart-3',
  scalar: 'chart-1',
  vector: 'dimensional',
  client: 'chart-2',
  count: 'chart-5',
}

export function fieldKind({ label }: FrameField): FieldKind {
  if (label.startsWith('seed')) return 'seed'
  if (label.startsWith('vector ')) return 'vector'
  if (label === 'scalars per step' || label.startsWith('local steps')) return 'count'
  if (label.startsWith('scalar') || label === 'value' || label === 'scale') return 'scalar'
  if (label.startsWith('round')) return 'round'
  if (label.startsWith('client')) return 'client'
  if (label.startsWith('dimension') || label === 'vectors' || label === 'kept k') return 'count'
  return 'frame'
}

const messageNames = {
  assignment: 'assignment',
  reply: 'scalars',
  entry: 'catch-up',
  change: 'changed setting',
  hello: 'hello',
  snapshot: 'snapshot',
  model: 'model',
  update: 'update',
  vectorEntry: 'entry',
} as const

/** A catch-up with the round that it makes up for. */
export function messageName({ message, isForged }: InspectedMessage): string {
  if (isForged) return 'attack'
  const name = messageNames[message.type]
  return message.type === 'entry' ? `${name} ${formatCount(message.round + 1)}` : name
}

/** One sentence on what a message is there for. */
export function messagePurpose({ message, client, isForged }: InspectedMessage): string {
  const who = `Client ${(client + 1).toLocaleString('en-US')}`
  switch (message.type) {
    case 'assignment':
      return `${who} is called: from this seed it draws the random directions itself.`
    case 'reply':
      if (isForged)
        return `${who} attacks: it sends other scalars than its own. Nothing on the wire shows it; the mark is there because this is a simulation.`
      return `${who} answers: one number per direction, how steep its own loss is along it. Nothing else leaves it.`
    case 'entry':
      return `What ${who.toLowerCase()} missed in round ${message.round + 1}: a seed and averaged scalars rebuild that round exactly.`
    case 'change':
      return `${who} learns of a setting that was changed.`
    case 'hello':
      return `${who} says that it is there, and up to which round it knows the log.`
    case 'snapshot':
      return `${who} missed rounds: in their place it is sent the state that they led to.`
    case 'model':
      return `${who} is sent the whole model: every number of it, in every round.`
    case 'update':
      if (isForged)
        return `${who} attacks: it sends another update than its own. Nothing on the wire shows it; the mark is there because this is a simulation.`
      return `${who} answers with what its training changed: a number for each of the model's.`
    case 'vectorEntry':
      return `What round ${message.round + 1} did to the model, as the log keeps it. No client receives it.`
  }
}

const catchUpChoices = {
  replay: 'This run replays',
  snapshot: 'This run sends snapshots',
  cheapest: 'This run sends each client what has fewer bytes',
} as const

/** What a client that comes back costs, and from when on the other way would cost less. */
export function catchUpText({ catchUp, entryBytes, snapshotBytes }: CatchUpCost): string {
  const replay = `Catch-up: ${formatBytes(entryBytes)} a missed round.`
  if (snapshotBytes === undefined) return replay
  const rounds = formatCount(Math.floor(snapshotBytes / entryBytes) + 1)
  return `${replay} A snapshot of the state, ${formatBytes(snapshotBytes)}, has fewer bytes from ${rounds} missed rounds on. ${catchUpChoices[catchUp]}.`
}

export interface WireTotals {
  readonly downlinkBytes: number
  readonly uplinkBytes: number
  readonly participants: number
  /** Frames that were sent and are not among the messages. */
  readonly omittedFrames: number
}

export function totalsOf(messages: readonly InspectedMessage[]): WireTotals {
  const sum = (direction: 'down' | 'up') =>
    messages
      .filter((message) => message.direction === direction)
      .reduce((total, { bytes }) => total + bytes.length, 0)
  return {
    downlinkBytes: sum('down'),
    uplinkBytes: sum('up'),
    participants: new Set(messages.map(({ client }) => client)).size,
    omittedFrames: messages.reduce((total, { omittedFrames }) => total + omittedFrames, 0),
  }
}

/** Model down and model up for every participant, float32. */
export function fedAvgBytes(participants: number, dim: number): number {
  return 2 * participants * 4 * dim
}

export const bytesPerLine = 16
/** A printed page of hex: 16 bytes a line, 60 lines. */
export const bytesPerPage = 60 * bytesPerLine

interface HexByte {
  readonly hex: string
  /** Index into the message's fields. */
  readonly field: number
}

export interface HexLine {
  readonly offset: string
  readonly bytes: readonly HexByte[]
}

/** @param limit bytes shown at most */
export function hexLines(
  bytes: Uint8Array,
  fields: readonly FrameField[],
  limit: number,
): HexLine[] {
  const lines: HexLine[] = []
  const end = Math.min(bytes.length, limit)
  let field = 0
  for (let start = 0; start < end; start += bytesPerLine) {
    const line: HexByte[] = []
    for (let at = start; at < Math.min(end, start + bytesPerLine); at++) {
      while (field < fields.length - 1 && at >= fields[field]!.offset + fields[field]!.length)
        field++
      line.push({ hex: bytes[at]!.toString(16).padStart(2, '0'), field })
    }
    lines.push({ offset: start.toString(16).padStart(4, '0'), bytes: line })
  }
  return lines
}
