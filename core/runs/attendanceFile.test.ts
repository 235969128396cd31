import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attendanceHeader, formatAttendance, parseAttendance } from './attendanceFile.ts'

const rows = fc.array(
  fc
    .uniqueArray(fc.nat(1000), { maxLength: 6 })
    .chain((called) =>
      fc.record({
        participants: fc.constant(Uint32Array.from(called).sort()),
        known: fc.array(fc.nat(1000), { minLength: called.length, maxLength: called.length }),
        absent: fc.array(fc.boolean(), { minLength: called.length, maxLength: called.length }),
        closedMs: fc.option(fc.nat(99_999)),
      }),
    )
    .map(({ participants, known, absent, closedMs }) => {
      const answering = participants.filter((_, at) => !absent[at])
      const answeredMs = Array.from(answering, (_, at) => at + 0.5)
      return {
        participants,
        known: Uint32Array.from(known),
        answering,
        ...(closedMs !== null && { waits: { answeredMs, closedMs } }),
      }
    }),
  { maxLength: 8 },
)

const written = (rounds: readonly Parameters<typeof formatAttendance>[1][]) =>
  attendanceHeader + rounds.map((it, round) => formatAttendance(round, it)).join('')

test('who was there is read as it was written, and cut off anywhere it gives the whole rounds before', () => {
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (rounds, share) => {
      const text = written(rounds)
      const reading = parseAttendance(text)
      expect(reading.rounds).toBe(rounds.length)
      for (const [round, it] of rounds.entries()) expect(reading.of(round)).toEqual(it)
      const cut = Math.floor(share * text.length)
      const whole = reading.ends.filter((end) => end <= cut).length - 1
      expect(parseAttendance(text.slice(0, cut)).rounds).toBe(Math.max(0, whole))
    }),
  )
})

test('a file without its first line has nothing to keep, so that it begins with it again', () => {
  for (const text of ['', 'round,cal', '\0\0\0\0', '1,0,0,0,1.0,2.0\n'])
    expect(parseAttendance(text)).toMatchObject({ rounds: 0, ends: [0] })
  expect(parseAttendance(attendanceHeader).ends).toEqual([attendanceHeader.length])
})

test('lines that are no round end the reading', () => {
  for (const line of [
    '2,0,0,0',
    '1,0,0,0,1.0',
    '1,0,0,0,,2.0',
    '1,0,0,0,x,2.0',
    '1,0,0,0,1.0,-2.0',
    '1,0 1,0,0',
    '1,0,0,1',
    '1,a,0,0',
    '1,0,0',
    '',
  ])
    expect(parseAttendance(`${attendanceHeader}${line}\n`).rounds).toBe(0)
})

test('files that were begun before rounds were timed are read, and go on with times', () => {
  const untimed = 'round,called,known,answered\n1,0 2,0 0,2\n'
  const waits = { answeredMs: [3.5], closedMs: 4 }
  const [called, known, answered] = [[0, 2], [1, 1], [2]].map((list) => Uint32Array.from(list))
  const row = { participants: called!, known: known!, answering: answered!, waits }
  const reading = parseAttendance(untimed + formatAttendance(1, row))
  expect(reading.of(0).waits).toBeUndefined()
  expect(reading.of(1)).toEqual(row)
})
