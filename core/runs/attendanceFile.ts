/**
 * attendance.csv: who was called in each round of a federation of real clients, how much of the log
 * each knew, who answered, and how long that took. Runs without this file are simulations, where
 * the seed says so.
 */
import type { OwnFiles } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import {
  hasDeadline,
  simulatedAttendance,
  type Attendance,
  type RoundAttendance,
  type RoundWaits,
} from '../federation/index.ts'
import type { LogMessage } from '../wire/index.ts'
import { attendanceFile, rosterFile } from './runFiles.ts'

const decoder = new TextDecoder()

/** Its first line. */
export const attendanceHeader = 'round,called,known,answered,answeredMs,closedMs\n'
/** Of files that were begun before rounds were timed; rows behind it may have their times. */
const untimedHeader = 'round,called,known,answered\n'

export interface AttendanceReading extends Attendance {
  readonly rounds: number
  /** ends[r] is the byte length of the header and the first r rounds; rounds + 1 elements. */
  readonly ends: readonly number[]
}

export function formatAttendance(
  round: number,
  { participants, known, answering, waits }: RoundAttendance,
): string {
  const lists = [participants, known ?? [], answering].map((list) => [...list].join(' '))
  if (waits !== undefined)
    lists.push(waits.answeredMs.map(formatMs).join(' '), formatMs(waits.closedMs))
  return `${round + 1},${lists.join(',')}\n`
}

const formatMs = (ms: number) => ms.toFixed(1)

/** Reads as many whole rounds as there are, in order. */
export function parseAttendance(text: string): AttendanceReading {
  const rounds: RoundAttendance[] = []
  const header = text.startsWith(untimedHeader) ? untimedHeader : attendanceHeader
  // A file whose first line is lost begins with it anew.
  const ends = [text.startsWith(header) ? header.length : 0]
  let at = header.length
  while (text.startsWith(header)) {
    const end = text.indexOf('\n', at)
    const row = end === -1 ? undefined : readRow(text.slice(at, end), rounds.length)
    if (row === undefined) break
    rounds.push(row)
    ends.push((at = end + 1))
  }
  return {
    rounds: rounds.length,
    ends,
    of(round) {
      const own = rounds[round]
      if (own === undefined) throw new Error(`nobody is known to have come to round ${round + 1}`)
      return own
    },
  }
}

function readRow(line: string, round: number): RoundAttendance | undefined {
  const parts = line.split(',')
  if ((parts.length !== 4 && parts.length !== 6) || parts[0] !== String(round + 1)) return undefined
  const lists = parts.slice(1, 4).map(readList)
  if (lists.includes(undefined)) return undefined
  const [participants, known, answering] = lists as [Uint32Array, Uint32Array, Uint32Array]
  const isOdd =
    known.length !== participants.length || answering.some((it) => !participants.includes(it))
  if (isOdd) return undefined
  if (parts.length === 4) return { participants, known, answering }
  const waits = readWaits(parts[4]!, parts[5]!)
  if (waits?.answeredMs.length !== answering.length) return undefined
  return { participants, known, answering, waits }
}

function readWaits(answered: string, closed: string): RoundWaits | undefined {
  const times = [...(answered === '' ? [] : answered.split(' ')), closed]
  if (!times.every((time) => /^\d{1,12}\.\d$/.test(time))) return undefined
  const closedMs = Number(times.pop())
  return { answeredMs: times.map(Number), closedMs }
}

/** Whole numbers with a space between. */
function readList(text: string): Uint32Array | undefined {
  if (text === '') return new Uint32Array()
  return /^\d{1,9}( \d{1,9})*$/.test(text) ? Uint32Array.from(text.split(' '), Number) : undefined
}

/** @returns undefined for a simulation; no round where a federation's file is lost */
export async function readAttendanceFile(folder: OwnFiles): Promise<AttendanceReading | undefined> {
  const bytes = await folder.read(attendanceFile)
  if (bytes !== undefined) return parseAttendance(decoder.decode(bytes))
  return (await folder.read(rosterFile)) === undefined ? undefined : parseAttendance('')
}

/**
 * Of any run.
 * @param dim d
 * @param log the messages of the rounds that are asked for, and of all before them
 */
export async function attendanceOf(
  folder: OwnFiles,
  config: RunConfig,
  dim: number,
  log: () => Promise<readonly LogMessage[]>,
): Promise<Attendance> {
  const real = await readAttendanceFile(folder)
  if (real !== undefined) return real
  const messages = hasDeadline(config) ? await log() : []
  return simulatedAttendance(config, dim, () => messages)
}
