import { describe, expect, it } from 'vitest'
import { LiveExtent } from './liveExtent.ts'

const rounds = Float64Array.from({ length: 10_000 }, (_, at) => at + 1)
const at = (length: number, msPerRound: number) =>
  [rounds.subarray(0, length), rounds.subarray(0, length).map((x) => x * msPerRound)] as const

describe('LiveExtent', () => {
  it('reaches two seconds beyond the newest round, and stands still until the run has got there', () => {
    const extent = new LiveExtent()
    expect(extent.reach(...at(1000, 10))).toBe(1200)
    for (let length = 1000; length <= 1200; length += 7)
      expect(extent.reach(...at(length, 10))).toBe(1200)
    expect(extent.reach(...at(1201, 10))).toBe(1401)
  })

  it('never reaches twice as far, nor beyond the end of the run', () => {
    expect(new LiveExtent().reach(...at(30, 0.1))).toBe(60)
    expect(new LiveExtent().reach(...at(1000, 1), 1500)).toBe(1500)
    expect(new LiveExtent().reach(...at(1500, 1), 1500)).toBe(1500)
  })

  it('takes back the room that a run which became slow will not need', () => {
    const extent = new LiveExtent()
    expect(extent.reach(...at(1000, 1))).toBe(2000)
    const slow = rounds.subarray(0, 1060).map((x) => (x <= 1000 ? x : x * 1000))
    expect(extent.reach(rounds.subarray(0, 1060), slow)).toBe(1062)
  })

  it('says something of a run that has only begun', () => {
    expect(new LiveExtent().reach(...at(0, 1))).toBe(1)
    expect(new LiveExtent().reach(...at(1, 1))).toBe(1)
  })
})
