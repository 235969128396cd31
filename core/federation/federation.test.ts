import { describe, expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import { createKernels } from '../kernels/index.ts'
import { quadraticSpectrum } from '../model/index.ts'
import { createFederation, createReplica, hashOf, quadraticConfig } from '../testing/federation.ts'
import { decode, decodeFrames, encode } from '../wire/index.ts'
import { Server, WorkerPool, type LossOrder, type RoundWorker } from './index.ts'

describe('a replica', () => {
  test('of a client that slept catches up to the hash of one that never did', async () => {
    const config = quadraticConfig()
    const { server, round, stateHash } = createFederation(config)
    const awake = createReplica(config)
    const sleeper = createReplica(config)
    for (let r = 0; r < 10; r++) {
      const { entry } = await round()
      awake.apply(decode(entry).message as never)
    }
    for (const message of decodeFrames(server.log.since(0))) sleeper.apply(message)
    expect(hashOf(sleeper)).toBe(hashOf(awake))
    expect(hashOf(sleeper)).toBe(await stateHash())
  })

  test('is left alone by a round in which nobody answered', () => {
    const replica = createReplica(quadraticConfig())
    const before = hashOf(replica)
    replica.apply({
      type: 'entry',
      round: 0,
      localSteps: 0,
      seed: 0,
      scalarsPerStep: 1,
      aggregates: new Float32Array(),
    })
    expect(hashOf(replica)).toBe(before)
    expect(replica.rounds).toBe(1)
  })

  test('refuses a round out of turn', () => {
    const replica = createReplica(quadraticConfig())
    expect(() => replica.apply({ type: 'change', round: 3, setting: 'nu', value: 0.5 })).toThrow(
      /round 0.*round 3/,
    )
  })

  test('takes a change of the learning rate from the log', () => {
    const entry = {
      type: 'entry',
      round: 0,
      localSteps: 1,
      seed: 7,
      scalarsPerStep: 1,
      aggregates: Float32Array.of(1),
    } as const
    const usual = createReplica(quadraticConfig())
    const halved = createReplica(quadraticConfig('method.learningRate=0.005'))
    const changed = createReplica(quadraticConfig())
    changed.apply({ type: 'change', round: 0, setting: 'learningRate', value: 0.005 })
    for (const replica of [usual, halved, changed]) replica.apply(entry)
    expect(hashOf(changed)).toBe(hashOf(halved))
    expect(hashOf(changed)).not.toBe(hashOf(usual))
  })

  test("has, after enough rounds, a Hessian that ranks coordinates as the quadratic's diagonal does", async () => {
    const config = quadraticConfig(
      'task.dim=20',
      'task.spectrum={kind: power-law, largest: 1, exponent: 1.5}',
      'task.heterogeneity=0',
      'task.gradientNoise=0',
      'federation.rounds=400',
      'federation.localSteps=1',
      'method.perturbations=64',
      'method.learningRate=1e-5',
      'method.hessian.nu=0.01',
    )
    const federation = createFederation(config)
    await federation.play()
    const hessian = await federation.pool.first((worker) => worker.hessian())
    if (config.task.kind !== 'quadratic') throw new Error('unreachable')
    // At x = 1 the gradient of coordinate j is λ_j: the squared estimate ranks as the diagonal
    // does.
    const truth = Float64Array.from({ length: 20 }, (_, j) => spectrumValue(config, j))
    expect(rankCorrelation(hessian, truth)).toBeGreaterThan(0.7)
  })
})

function spectrumValue(config: ReturnType<typeof quadraticConfig>, index: number): number {
  if (config.task.kind !== 'quadratic') throw new Error('unreachable')
  return Number(quadraticSpectrum(config.task.spectrum, config.task.dim)[index])
}

/** Spearman's ρ. */
function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const ranks = (values: ArrayLike<number>) => {
    const order = Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!)
    const rank = new Float64Array(values.length)
    order.forEach((index, position) => (rank[index] = position))
    return rank
  }
  const [ra, rb] = [ranks(a), ranks(b)]
  const n = a.length
  const squares = ra.reduce((sum, rank, i) => sum + (rank - rb[i]!) ** 2, 0)
  return 1 - (6 * squares) / (n * (n * n - 1))
}

describe('gradient scalars', () => {
  test.each([
    ['forward', 1e-3],
    ['central', 1e-3],
  ])('%s differences estimate ∇f·z without bias beyond O(μ)', async (estimator, mu) => {
    const config = quadraticConfig(
      'task.heterogeneity=0',
      'task.gradientNoise=0',
      'federation.localSteps=1',
      'federation.clients=1',
      'federation.participants=1',
      'method.perturbations=200',
      `method.mu=${mu}`,
      `method.estimator=${estimator}`,
      'federation.rounds=1',
    )
    const { replies, entry } = await createFederation(config).round()
    const reply = decode(replies[0]!).message
    const log = decode(entry).message
    if (reply.type !== 'reply' || log.type !== 'entry' || config.task.kind !== 'quadratic')
      throw new Error('unreachable')
    const { dim } = config.task
    const kernels = createKernels(dim)
    const z = kernels.vector(dim)
    const curvature = Array.from({ length: dim }, (_, j) => spectrumValue(config, j))
    for (const [p, scalar] of reply.scalars.entries()) {
      kernels.noise(z, 'gaussian', { seed: log.seed, perturbation: p }, 0, 1)
      const exact = z.reduce((sum, value, j) => sum + value * curvature[j]!, 0)
      const bias = (mu / 2) * z.reduce((sum, value, j) => sum + value * value * curvature[j]!, 0)
      // float32 parameters near 1 move in steps of 6e-8; over mu this shows as noise of about 1e-3
      // in the scalar.
      expect(Math.abs(scalar - exact - (estimator === 'forward' ? bias : 0))).toBeLessThan(2e-3)
    }
  })
})

describe('the server', () => {
  test('restored from a log goes on as if it had never stopped', async () => {
    const config = quadraticConfig('federation.dropout=0.3')
    const { server, pool, play } = createFederation(config)
    await play()
    const restored = new Server(config)
    restored.restore(decodeFrames(server.log.since(0)))
    expect(restored.ledger.cumulative).toEqual(server.ledger.cumulative)
    expect([...restored.ledger.downlinkByClient]).toEqual([...server.ledger.downlinkByClient])
    expect(restored.log.bytes).toEqual(server.log.bytes)
    const opening = await server.exchange.openingFrame(server.log.rounds, pool)
    expect(restored.summon(opening)).toEqual(server.summon(opening))
  })

  test('in steady state moves (M + m) · (4τP + 4) bytes a round besides frame overhead', async () => {
    const config = quadraticConfig(
      'federation.clients=12',
      'federation.participants=4',
      'federation.rounds=300',
    )
    const { server, play } = createFederation(config)
    await play()
    const { uplinkBytes, downlinkBytes } = server.ledger.cumulative
    const perRound = (uplinkBytes + downlinkBytes) / 300
    const theory = (12 + 4) * (4 * 2 * 4 + 4)
    const frames = 12 + 2 * 4
    expect(perRound).toBeGreaterThan(theory * 0.97)
    expect(perRound - theory).toBeLessThan(frames * 16)
  })

  test('uses those who answered when others dropped out', async () => {
    const { round } = createFederation(
      quadraticConfig('federation.dropout=0.5', 'federation.participants=6'),
    )
    const { participants, answered, replies } = await round()
    expect(participants).toBe(6)
    expect(answered).toBeLessThan(6)
    expect(replies).toHaveLength(answered)
  })

  test('refuses a reply to another round, and a broken frame', () => {
    const server = new Server(quadraticConfig())
    const call = server.summon(new Uint8Array())
    server.open(call)
    const { participants } = call
    const late = encode({
      type: 'reply',
      round: 5,
      client: participants[0]!,
      scalarsPerStep: 1,
      scalars: Float32Array.of(1),
    })
    expect(() => server.receive(late)).toThrow(/expected a reply for round 1/)
    late[4]! ^= 1
    expect(() => server.receive(late)).toThrow(/checksum/)
  })
})

describe('a pool of workers', () => {
  const dead = () => Promise.reject(new HisoError('WORKER_DIED', { what: 'a worker has died' }))

  /** A worker whose calls of one method, from the n-th on, fail as a dead worker's do. */
  function mortal(worker: RoundWorker, method: keyof RoundWorker, from: number): RoundWorker {
    const calls = worker[method].bind(worker) as (...args: never[]) => Promise<never>
    let count = 0
    return Object.assign(Object.create(worker) as RoundWorker, {
      apply: worker.apply.bind(worker),
      losses: worker.losses.bind(worker),
      stateHash: worker.stateHash.bind(worker),
      [method]: (...args: never[]) => (++count >= from ? dead() : calls(...args)),
    })
  }

  test.each(
    [false, true].flatMap((shared) => [
      ['losses', 1, shared] as const,
      ['losses', 2, shared] as const,
      ['losses', 5, shared] as const,
      ['apply', 1, shared] as const,
      ['apply', 4, shared] as const,
    ]),
  )(
    'replaces workers that die at %s number %i, and keeps the bits (one state for all: %s)',
    async (method, call, shared) => {
      const config = quadraticConfig()
      let started = 0
      const undisturbed = createFederation(config, { workers: 2 })
      const disturbed = createFederation(config, {
        workers: 2,
        shared,
        wrap: (spawn) => async (place) => {
          const worker = await spawn(place)
          return started++ < 2 ? mortal(worker, method, call) : worker
        },
      })
      await Promise.all([undisturbed.play(), disturbed.play()])
      expect(started).toBe(4)
      expect(await disturbed.stateHash()).toBe(await undisturbed.stateHash())
    },
  )

  test('gives a slow worker less to do, and losses in the order of the calls', async () => {
    const calls = Array.from({ length: 40 }, (_, client) => ({
      clients: [client],
      probes: [{ side: 'base' }] as const,
    }))
    const worked = [0, 0]
    const workers = worked.map((_, index) => ({
      async losses(order: LossOrder) {
        worked[index]! += order.calls.length
        if (index === 1) await new Promise((resolve) => setTimeout(resolve, 20))
        return Float64Array.from(order.calls, ({ clients }) => clients[0]!)
      },
    })) as unknown as RoundWorker[]
    const pool = new WorkerPool(
      () => Promise.resolve(workers.shift()!),
      2,
      () => new Uint8Array(),
      () => {},
    )
    const order = { assignment: new Uint8Array(), localStep: 0, calls, replies: [] }
    expect([...(await pool.losses(order))]).toEqual(calls.map(({ clients }) => clients[0]))
    expect(worked[1]).toBeLessThan(15)
    expect(worked[0]! + worked[1]!).toBe(40)
  })

  test('gives up on work that kills every worker', async () => {
    const { round } = createFederation(quadraticConfig(), {
      wrap: (spawn) => async (worker) => mortal(await spawn(worker), 'losses', 1),
    })
    await expect(round()).rejects.toMatchObject({ code: 'WORKER_DIED' })
  })
})
