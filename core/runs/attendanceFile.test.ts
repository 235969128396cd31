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
      }),
    )
    .map(({ participants, known, absent }) => ({
      participants,
      known: Uint32Array.from(known),
      answering: participants.filter((_, at) => !absent[at]),
    })),
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

test('lines that are no round end the reading', () => {
  for (const line of ['2,0,0,0', '1,0 1,0,0', '1,0,0,1', '1,a,0,0', '1,0,0', ''])
    expect(parseAttendance(`${attendanceHeader}${line}\n`).rounds).toBe(0)
})
