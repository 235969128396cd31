/**
 * attendance.csv: who was called in each round of a federation of real clients, how much of the log
 * each knew, and who answered. Runs without this file are simulations, where the seed says so.
 */
import type { OwnFiles } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import { seededAttendance, type Attendance, type RoundAttendance } from '../federation/index.ts'
import { attendanceFile } from './runFiles.ts'

const decoder = new TextDecoder()

/** Its first line. */
export const attendanceHeader = 'round,called,known,answered\n'

export interface AttendanceReading extends Attendance {
  readonly rounds: number
  /** ends[r] is the byte length of the header and the first r rounds; rounds + 1 elements. */
  readonly ends: readonly number[]
}

export function formatAttendance(
  round: number,
  { participants, known, answering }: RoundAttendance,
): string {
  const lists = [participants, known ?? [], answering].map((list) => [...list].join(' '))
  return `${round + 1},${lists.join(',')}\n`
}

/** Reads as many whole rounds as there are, in order. */
export function parseAttendance(text: string): AttendanceReading {
  const rounds: RoundAttendance[] = []
  const ends = [attendanceHeader.length]
  let at = attendanceHeader.length
  while (text.startsWith(attendanceHeader)) {
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
  if (parts.length !== 4 || parts[0] !== String(round + 1)) return undefined
  const lists = parts.slice(1).map(readList)
  if (lists.includes(undefined)) return undefined
  const [participants, known, answering] = lists as [Uint32Array, Uint32Array, Uint32Array]
  const isOdd =
    known.length !== participants.length || answering.some((it) => !participants.includes(it))
  return isOdd ? undefined : { participants, known, answering }
}

/** Whole numbers with a space between. */
function readList(text: string): Uint32Array | undefined {
  if (text === '') return new Uint32Array()
  return /^\d{1,9}( \d{1,9})*$/.test(text) ? Uint32Array.from(text.split(' '), Number) : undefined
}

/** @returns undefined for a simulation */
export async function readAttendanceFile(folder: OwnFiles): Promise<AttendanceReading | undefined> {
  const bytes = await folder.read(attendanceFile)
  return bytes && parseAttendance(decoder.decode(bytes))
}

/** Of any run. */
export async function attendanceOf(folder: OwnFiles, config: RunConfig): Promise<Attendance> {
  return (await readAttendanceFile(folder)) ?? seededAttendance(config)
}
