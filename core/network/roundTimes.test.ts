/** The clock of a round: what it must add up to, what it may depend on, and who is late. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../config/index.ts'
import { isInTime, isLate, isReached, roundTimes, type ParticipantTraffic } from './index.ts'

interface Settings {
  readonly network: Record<string, unknown>
  readonly devices?: Record<string, unknown>
}

function settingsOf({ network, devices = {} }: Settings, seed = 1) {
  const config = parseRunConfig({
    name: 'test',
    task: { kind: 'quadratic' },
    method: { name: 'hiso' },
    ...{ network, devices, seed },
  })
  if (config.network.kind === 'none') throw new Error('these tests have a network')
  return { link: config.network, devices: config.devices, seed }
}

const plain = { kind: 'home', jitter: 0, loss: 0, latency: 100, up: 8, down: 80, server: 1e9 }

const traffic = (count: number, own: Partial<ParticipantTraffic> = {}): ParticipantTraffic[] =>
  Array.from({ length: count }, (_, client) => ({
    ...{ client, downBytes: 1000, upBytes: 500, answers: true },
    ...own,
  }))

const round = (participants: readonly ParticipantTraffic[], startsAt = 0) => ({
  ...{ round: 3, startsAt, passes: 20, participants },
})

describe('a round on a network', () => {
  it('adds up what a participant waits for', () => {
    // 1000 B at 80 kbit/s, 100 ms, 20 passes at 10 a second, 500 B at 8 kbit/s, 100 ms.
    const times = roundTimes(settingsOf({ network: plain }), round(traffic(1)))
    expect(times.receivedAt[0]).toBeCloseTo(0.2, 6)
    expect(times.computedAt[0]).toBeCloseTo(2.2, 6)
    expect(times.answeredAt[0]).toBeCloseTo(2.8, 6)
    expect(times.closedAt).toBe(times.answeredAt[0])
  })

  it('shares the link of the server, which FedAvg feels and scalars do not', () => {
    const settings = settingsOf({ network: { ...plain, up: 1e6, down: 1e6, server: 8000 } })
    const large = { downBytes: 1e6, upBytes: 1e6 }
    const last = (count: number) => roundTimes(settings, round(traffic(count, large))).closedAt
    // A million bytes take a second each way, and 20 passes two.
    expect(last(1)).toBeCloseTo(1 + 2 + 1 + 0.2, 1)
    expect(last(50)).toBeCloseTo(50 + 2 + 1 + 0.2, 0)
  })

  it('lets one channel carry one message at a time', () => {
    const settings = settingsOf({ network: { ...plain, oneChannel: true } })
    const { closedAt } = roundTimes(settings, round(traffic(20)))
    // 20 times 0.1 s down, 20 times 0.5 s up.
    expect(closedAt).toBeGreaterThan(20 * 0.1 + 20 * 0.5)
  })

  it('sends what all need once where all hear it, and again to those that come on later', () => {
    const one = (broadcast: boolean, devices = {}) =>
      roundTimes(
        settingsOf({ network: { ...plain, oneChannel: true, broadcast }, devices }),
        round([...traffic(19), { ...traffic(1)[0]!, client: 19, downBytes: 2000 }]),
      )
    // 2000 B at 80 kbit/s and 100 ms, for all of them.
    expect([...one(true).receivedAt].every((at) => Math.abs(at - 0.3) < 1e-9)).toBe(true)
    expect(Math.max(...one(false).receivedAt)).toBeGreaterThan(20 * 0.1)
    const { sentAt } = one(true, { availability: 0.3 })
    expect(sentAt.filter((at) => at === 0).length).toBeLessThan(20)
    expect(sentAt.some((at) => at > 0.2)).toBe(true)
  })

  it('sends what is lost again', () => {
    const mean = (loss: number) => {
      const settings = settingsOf({ network: { ...plain, loss } })
      return roundTimes(settings, round(traffic(2000))).answeredAt.reduce((a, b) => a + b) / 2000
    }
    // Twice the bytes, and for each way one more way back and forth on average.
    expect(mean(0.5) - mean(0)).toBeCloseTo(0.6 + 2 * 0.2, 1)
  })

  it('waits for the slowest device, half of which are slower than the middle one', () => {
    const settings = settingsOf({ network: plain, devices: { spread: 3 } })
    const { receivedAt, computedAt } = roundTimes(settings, round(traffic(4000)))
    const took = receivedAt.map((at, client) => computedAt[client]! - at)
    const share = (isCounted: (seconds: number) => boolean) => took.filter(isCounted).length / 4000
    expect(share((seconds) => seconds > 2)).toBeCloseTo(0.5, 1)
    expect(share((seconds) => seconds > 6 || seconds < 2 / 3)).toBeCloseTo(0.317, 1)
  })

  it('lets a device that is off have its messages when it comes on', () => {
    const settings = settingsOf({ network: plain, devices: { availability: 0.25 } })
    for (const startsAt of [0, 12_345, 1e6]) {
      const { sentAt } = roundTimes(settings, round(traffic(2000), startsAt))
      expect(sentAt.filter((at) => at < 1).length / 2000).toBeCloseTo(0.25, 1)
      expect(Math.max(...sentAt)).toBeLessThan(0.75 * 86_400 + 1)
    }
    const [today, tomorrow] = [0, 86_400].map(
      (startsAt) => roundTimes(settings, round(traffic(50), startsAt)).sentAt,
    )
    for (const [at, seconds] of today!.entries()) expect(tomorrow![at]).toBeCloseTo(seconds, 6)
  })

  it('closes at the deadline if somebody has not answered, and drops what comes later', () => {
    const devices = { spread: 4, deadline: 3 }
    const times = roundTimes(settingsOf({ network: plain, devices }), round(traffic(100)))
    expect(times.closedAt).toBe(3)
    const inTime = times.answeredAt.map((at) => (at <= 3 ? 1 : 0))
    expect(inTime.some(Boolean) && !inTime.every(Boolean)).toBe(true)
    for (const [at, isOne] of inTime.entries()) {
      expect(isInTime(times, at)).toBe(isOne === 1)
      expect(isLate(times, at)).toBe(isOne === 0)
    }
    const early = roundTimes(
      settingsOf({ network: plain, devices: { deadline: 60 } }),
      round(traffic(5)),
    )
    expect(early.closedAt).toBeLessThan(3)
  })

  it('reaches nobody who is off until the round is over', () => {
    const devices = { availability: 0.5, deadline: 60 }
    const times = roundTimes(settingsOf({ network: plain, devices }), round(traffic(500)))
    const reached = times.sentAt.filter((_, at) => isReached(times, at)).length
    expect(reached / 500).toBeCloseTo(0.5, 1)
  })

  it('waits to the deadline for one who never answers, and without one as long as an answer takes', () => {
    const [answering, gone] = [traffic(2)[0]!, { ...traffic(2)[1]!, answers: false }]
    const closes = (devices: Record<string, unknown>) =>
      roundTimes(settingsOf({ network: plain, devices }), round([answering, gone])).closedAt
    expect(closes({ deadline: 60 })).toBe(60)
    expect(closes({})).toBeCloseTo(2.8, 3)
  })

  it('draws for each client alone: others change nothing but the wait at the server', () => {
    const settings = settingsOf({
      network: { ...plain, jitter: 50, loss: 0.1 },
      devices: { spread: 3 },
    })
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(10_000), { minLength: 2, maxLength: 20 }), (clients) => {
        const all = clients
          .toSorted((a, b) => a - b)
          .map((client) => ({ ...traffic(1)[0]!, client, downBytes: 0, upBytes: 0 }))
        const together = roundTimes(settings, round(all))
        const alone = all.map((own) => roundTimes(settings, round([own])))
        expect([...together.answeredAt]).toEqual(alone.map(({ answeredAt }) => answeredAt[0]))
      }),
      { numRuns: 50 },
    )
  })

  it('is the same for the same seed, and another for another', () => {
    const network = { ...plain, jitter: 50 }
    const of = (seed: number) => roundTimes(settingsOf({ network }, seed), round(traffic(5)))
    expect(of(1)).toEqual(of(1))
    expect(of(1).answeredAt).not.toEqual(of(2).answeredAt)
  })
})
