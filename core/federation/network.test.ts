/**
 * A federation on a simulated network: its clock knows what every method sends and computes,
 * changes nothing of it, and drops late replies in the same way wherever the run is played again.
 */
import { expect, it } from 'vitest'
import { methodNames } from '../config/index.ts'
import { clientsOf, createFederation, quadraticConfig } from '../testing/federation.ts'
import { decodeFrames } from '../wire/index.ts'
import { Server, simulatedAttendance, timedRounds, type RoundResult } from './index.ts'

const lte = ['network.kind=lte', 'devices.spread=3']
/** Some answer in time and some do not, and some devices are off. */
const strict = [...lte, 'devices.availability=0.8', 'devices.deadline=2.5']

it.each(methodNames)('knows what a participant of %s computes and sends', async (method) => {
  for (const extra of [[], ['method.estimator=central']]) {
    if (extra.length > 0 && method !== 'hiso' && method !== 'fedzo') continue
    const overrides = [`method.name=${method}`, ...clientsOf(method), ...extra, ...lte]
    const { round, server, pool } = createFederation(quadraticConfig(...overrides))
    for (let rounds = 0; rounds < 3; rounds++) {
      await server.exchange.openingFrame(server.log.rounds, pool)
      const work = server.exchange.workOf(server.log.rounds)
      const { attendance, forwardPasses, replies } = await round()
      expect(forwardPasses).toBe(work.passes * attendance.answering.length)
      const lengths = Array.from(attendance.answering, (client) => work.replyBytes(client))
      expect(replies.map(({ length }) => length)).toEqual(lengths)
    }
  }
})

it.each(['hiso', 'fedavg'])('changes nothing that %s sends, without a deadline', async (method) => {
  const config = (...more: string[]) => quadraticConfig(`method.name=${method}`, ...more)
  const plain = createFederation(config('federation.dropout=0.2'))
  const timed = createFederation(config('federation.dropout=0.2', ...lte))
  const [before, after] = [await plain.play(), await timed.play()]
  expect(timed.server.log.bytes).toEqual(plain.server.log.bytes)
  expect(await timed.stateHash()).toBe(await plain.stateHash())
  expect(after.map(({ bytes }) => bytes)).toEqual(before.map(({ bytes }) => bytes))
  expect(before.every(({ simulated }) => simulated === undefined)).toBe(true)
  const times = after.map(({ simulated }) => simulated!.simulatedMs)
  expect(times.every((ms, round) => ms > (times[round - 1] ?? 0))).toBe(true)
})

it('drops the late, and a server of the same log knows who they were', async () => {
  const config = quadraticConfig(...strict, 'federation.dropout=0.1')
  const played = createFederation(config)
  const results = await played.play()
  const late = results.reduce((sum, { simulated }) => sum + simulated!.late, 0)
  const answered = results.reduce((sum, { answered: own }) => sum + own, 0)
  expect(late).toBeGreaterThan(3)
  expect(answered).toBeGreaterThan(3)

  const restored = new Server(config)
  restored.restore(decodeFrames(played.server.log.since(0)))
  expect(restored.ledger).toEqual(played.server.ledger)
  const again = timedRounds(config, 101, decodeFrames(played.server.log.since(0)))
  expect(again).toMatchObject(results.map(({ attendance }) => timesOf(attendance)))
  const known = simulatedAttendance(config, 101, () => decodeFrames(played.server.log.since(0)))
  for (const { round, attendance } of results)
    expect(known.of(round).answering).toEqual(attendance.answering)
})

const timesOf = ({ participants, answering, known, times }: RoundResult['attendance']) => ({
  ...{ participants, answering, known, times },
})

it.each(['hiso', 'fedavg'])(
  'plays %s with a deadline to the same bits with two workers, and from any round on',
  async (method) => {
    const config = quadraticConfig(`method.name=${method}`, ...strict)
    const one = createFederation(config)
    const results = await one.play()
    const two = createFederation(config, { workers: 2 })
    await two.play()
    expect(two.server.log.bytes).toEqual(one.server.log.bytes)
    const resumed = createFederation(config, { log: one.server.log.slice(0, 9).slice() })
    const rest = await resumed.play()
    expect(resumed.server.log.bytes).toEqual(one.server.log.bytes)
    expect(rest.map(({ simulated }) => simulated)).toEqual(
      results.slice(9).map(({ simulated }) => simulated),
    )
    expect(await resumed.stateHash()).toBe(await one.stateHash())
    expect(await two.stateHash()).toBe(await one.stateHash())
  },
)

it('goes on where nobody is in time', async () => {
  const config = quadraticConfig('network.kind=lora', 'devices.deadline=0.001')
  const { play, server } = createFederation(config)
  const results = await play()
  expect(results.every(({ answered }) => answered === 0)).toBe(true)
  expect(results.at(-1)!.simulated).toMatchObject({ simulatedMs: 20, late: 3 })
  const restored = new Server(config)
  restored.restore(decodeFrames(server.log.since(0)))
  expect(restored.ledger).toEqual(server.ledger)
})

it('counts once what all hear: the opening, and the longest catch-up', async () => {
  const { round, server, pool } = createFederation(quadraticConfig(...lte))
  for (let played = 0; played < 5; played++) {
    const { opening, participants } = server.summon(
      await server.exchange.openingFrame(server.log.rounds, pool),
    )
    const missed = Array.from(participants, (client) => server.catchUpOf(client).bytes)
    const { simulated } = await round()
    expect(simulated!.broadcastBytes).toBe(opening.length + Math.max(...missed))
  }
})
