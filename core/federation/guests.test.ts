import { describe, expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import { createFederation, quadraticConfig, type Federation } from '../testing/federation.ts'
import type { Guest, RoundWorker } from './index.ts'

const config = quadraticConfig('federation.rounds=6')
const patience = {
  now: () => performance.now(),
  wait: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
}

/** A worker of the same run elsewhere, whose calls of a kind go through `around`. */
async function elsewhere(around: (call: () => Promise<unknown>) => Promise<unknown>) {
  const { pool } = createFederation(config)
  const inner = await pool.first((worker) => Promise.resolve(worker))
  return new Proxy(inner, {
    get: (target, name) => {
      const method = (
        target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      )[name as string]
      if (name === 'then' || method === undefined) return undefined
      return (...args: unknown[]) => {
        const call = () => method.apply(target, args)
        return name === 'losses' ? around(call) : call()
      }
    },
  })
}

const guestOf = (worker: RoundWorker, onLost: Guest['onLost'] = () => {}): Guest => ({
  worker,
  onLost,
})

const undisturbed = async () => {
  const federation = createFederation(config)
  await federation.play()
  return federation.stateHash()
}

async function playWith(federation: Federation, guests: readonly Guest[]) {
  for (const guest of guests) await federation.pool.admit(guest)
  await federation.play()
  return federation.stateHash()
}

describe('guests of a pool', () => {
  test('do part of the work, and the bits are those without them', async () => {
    let worked = 0
    const guest = await elsewhere((call) => call())
    const federation = createFederation(config, { patience })
    const hash = await playWith(federation, [
      { ...guestOf(guest), onWorked: (batches) => (worked += batches) },
    ])
    expect(worked).toBeGreaterThan(0)
    expect(hash).toBe(await undisturbed())
  })

  test('that fail are let go, and others do their work', async () => {
    const lost: unknown[] = []
    let calls = 0
    const dying = await elsewhere((call) =>
      ++calls > 3 ? Promise.reject(new HisoError('WORKER_DIED', { what: 'gone' })) : call(),
    )
    const federation = createFederation(config, { patience })
    const hash = await playWith(federation, [guestOf(dying, (error) => lost.push(error))])
    expect(hash).toBe(await undisturbed())
    expect(lost).toMatchObject([{ code: 'WORKER_DIED' }])
    expect(federation.pool.size).toBe(1)
  })

  test('that hang do not hold up a round, and get no more until they answer', async () => {
    let held = 0
    const hanging = await elsewhere(() => {
      held++
      return new Promise(() => {})
    })
    const federation = createFederation(config, { patience })
    const hash = await playWith(federation, [guestOf(hanging)])
    expect(hash).toBe(await undisturbed())
    expect(held).toBe(2)
  })

  test('may come in the middle of a run, and catch up from its log first', async () => {
    const federation = createFederation(config, { patience })
    for (let round = 0; round < 3; round++) await federation.round()
    let worked = 0
    const late = await elsewhere((call) => {
      worked++
      return call()
    })
    const hash = await playWith(federation, [guestOf(late)])
    expect(worked).toBeGreaterThan(0)
    expect(hash).toBe(await undisturbed())
  })

  test('that outnumber the work are harmless', async () => {
    const guests = await Promise.all(
      Array.from({ length: 40 }, async () => guestOf(await elsewhere((call) => call()))),
    )
    expect(await playWith(createFederation(config, { patience }), guests)).toBe(await undisturbed())
  })
})
