import { describe, expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import { methodFacts, methodNames, type RunConfig } from '../config/index.ts'
import { clientsOf, createFederation, quadraticConfig } from '../testing/federation.ts'
import {
  decode,
  decodeFrames,
  encode,
  SnapshotParts,
  snapshotParts,
  type ReplicaState,
} from '../wire/index.ts'
import { forecastNetwork, Server, sentVectorsOf, snapshotShape, type RoundResult } from './index.ts'

const dim = 101
const configOf = (method: string, catchUp: string, ...more: string[]) =>
  quadraticConfig(
    ...[`method.name=${method}`, `federation.catchUp=${catchUp}`, 'federation.rounds=12'],
    ...clientsOf(method),
    ...more,
  )

const scalarMethods = methodNames.filter((name) => methodFacts[name].protocol === 'scalar')

/** Methods that refuse snapshots. */
const refusing = scalarMethods.filter(
  (name) => snapshotShape(configOf(name, 'replay'), dim) === undefined,
)

/** Plays rounds, with settings changed on the way. */
async function playChanged(config: RunConfig) {
  const federation = createFederation(config)
  const results: RoundResult[] = []
  const frames = new Map<number, readonly Uint8Array[]>()
  for (let round = 0; round < 12; round++) {
    if (round === 3) federation.server.change('learningRate', 0.002)
    if (round === 6) federation.server.change('nu', 0.3)
    if (round === 6) federation.server.change('rounds', 14)
    const vectors = await federation.pool.first(sentVectorsOf)
    const { changed } = federation.server.log
    frames.set(round, Array.from(snapshotParts({ round, changed, vectors }), encode))
    results.push(await federation.round())
  }
  return { ...federation, results, frames }
}

function stateFrom(frames: readonly Uint8Array[], config: RunConfig): ReplicaState {
  const parts = new SnapshotParts(snapshotShape(config, dim)!)
  const found = frames.map((frame) => {
    const { message } = decode(frame)
    return message.type === 'snapshot' ? parts.add(message) : undefined
  })
  return found.at(-1)!
}

describe.each(scalarMethods.filter((name) => !refusing.includes(name)))('%s', (method) => {
  test('goes on from any snapshot to the state of one that replayed all', async () => {
    const config = configOf(method, 'snapshot')
    const played = await playChanged(config)
    const { log } = played.server
    for (const round of [1, 3, 4, 6, 7, 11]) {
      const late = createFederation(config).pool
      const state = stateFrom(played.frames.get(round)!, config)
      await late.first((worker) => worker.adopt(state))
      await late.first((worker) => worker.apply(log.since(round).slice()))
      const hash = await late.first((worker) => worker.stateHash())
      expect(hash).toBe(await played.stateHash())
    }
  })

  test('counts the bytes of the frames that it sends, and knows them from the log alone', async () => {
    const config = configOf(method, 'snapshot')
    const { server, results, frames } = await playChanged(config)
    for (const { round, attendance, bytes } of results) {
      const whole = frames.get(round)!.reduce((sum, { length }) => sum + length, 0)
      const { log } = server
      const pending =
        log.bytesSince(round) - log.bytesSince(round + 1) - results[round]!.entry.length
      // Nobody has missed anything before the first round.
      const sent = round === 0 ? 0 : whole + pending
      expect(bytes.catchUpBytes).toBe(attendance.participants.length * sent)
    }
    const restored = new Server(config, dim)
    restored.restore(decodeFrames(server.log.since(0)))
    expect(restored.ledger).toEqual(server.ledger)
  })
})

test('only methods with more than x, H and a velocity refuse, and say what to set', () => {
  expect(refusing).toEqual(['sparse-mezo', 'meerkat'])
  for (const method of refusing)
    expect(() => createFederation(configOf(method, 'cheapest'))).toThrow(HisoError)
  const pooled = configOf('hiso', 'snapshot', 'method.hessian.shape=tensor')
  expect(() => createFederation(pooled)).toThrow(/federation.catchUp=replay/)
})

test('a method that sends whole models plays as without the setting', async () => {
  const [plain, set] = ['replay', 'snapshot'].map((it) => createFederation(configOf('fedavg', it)))
  const [before, after] = [await plain!.play(), await set!.play()]
  expect(after.map(({ bytes }) => bytes)).toEqual(before.map(({ bytes }) => bytes))
})

test('the cheapest is for each client what has fewer bytes, and never changes the state', async () => {
  // Long entries, a short state, and clients that are away for long.
  const more = ['federation.clients=40', 'federation.localSteps=8', 'federation.rounds=60']
  const play = async (catchUp: string) => {
    const federation = createFederation(configOf('decomfl', catchUp, ...more))
    const results = await federation.play()
    return { bytes: results.map(({ bytes }) => bytes.catchUpBytes), ...federation }
  }
  const [replay, snapshot, cheapest] = [
    await play('replay'),
    await play('snapshot'),
    await play('cheapest'),
  ]
  for (const [round, bytes] of cheapest.bytes.entries())
    expect(bytes).toBeLessThanOrEqual(Math.min(replay.bytes[round]!, snapshot.bytes[round]!))
  const sum = (all: readonly number[]) => all.reduce((total, bytes) => total + bytes, 0)
  expect(sum(cheapest.bytes)).toBeLessThan(Math.min(sum(replay.bytes), sum(snapshot.bytes)))
  expect(snapshot.server.log.bytes).toEqual(replay.server.log.bytes)
  expect(cheapest.server.log.bytes).toEqual(replay.server.log.bytes)
})

test('a simulated network carries it, and foresees it', async () => {
  const config = (catchUp: string) =>
    configOf('hiso', catchUp, 'network.kind=lora', 'federation.rounds=30')
  const secondsOf = async (catchUp: string) => {
    const results = await createFederation(config(catchUp)).play()
    const played = results.at(-1)!.simulated!.simulatedMs / 1000 / results.length
    const { secondsPerRound } = forecastNetwork(config(catchUp), dim)!
    expect(secondsPerRound / played).toBeGreaterThan(0.8)
    expect(secondsPerRound / played).toBeLessThan(1.25)
    return played
  }
  expect(await secondsOf('snapshot')).toBeGreaterThan(2 * (await secondsOf('replay')))
})
