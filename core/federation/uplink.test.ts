import { describe, expect, test } from 'vitest'
import { createFederation, createReplica, hashOf, quadraticConfig } from '../testing/federation.ts'
import { unpack } from '../methods/index.ts'
import { decode, decodeFrames, type Reply, type Update, type VectorEntry } from '../wire/index.ts'
import { mean, median } from './aggregation/index.ts'
import { attackersOf, Server } from './index.ts'
import { epsilonSpent } from './privacy/index.ts'

const everybody = ['federation.clients=7', 'federation.participants=7', 'federation.rounds=5']
const attack = 'federation.attack={ kind: signFlip, share: 0.3 }'
const privacy = 'method.privacy={ kind: gaussian, clip: 1, noiseMultiplier: 4 }'

const variants = [
  ['median', 'federation.aggregator.kind=median'],
  ['trimmedMean', 'federation.aggregator={ kind: trimmedMean, attackers: 2 }'],
  ['Krum', 'federation.aggregator={ kind: krum, attackers: 2 }'],
  ['multi-Krum', 'federation.aggregator={ kind: krum, attackers: 2, selected: 3 }'],
  ['gaussian attackers', 'federation.attack={ kind: gaussian, share: 0.3 }'],
  ['flipped signs', attack],
  ['the trim attack', 'federation.attack={ kind: trim, share: 0.3 }'],
  ['the Krum attack', 'federation.attack={ kind: krum, share: 0.3 }'],
  ['colluders', 'federation.attack={ kind: colluding, share: 0.3 }'],
  ['private replies', privacy],
  ['float16', 'method.precision=float16'],
  ['bfloat16', 'method.precision=bfloat16'],
  ['int8', 'method.precision=int8'],
] as const

/** What `federation` says holds for updates of d numbers as well. */
const subjects = [
  ...variants.map(([title, override]) => ['hiso', title, override] as const),
  ...(['fedavg', 'scaffold'] as const).flatMap((method) =>
    variants
      .filter(([, override]) => override.startsWith('federation.'))
      .map(([title, override]) => [method, title, override] as const),
  ),
]

describe.each(subjects)('%s, %s', (method, _, override) => {
  const usual = [...everybody, 'federation.dropout=0.2', `method.name=${method}`]
  const config = quadraticConfig(...usual, override)

  test('gives the same bits for 1, 2 and 4 workers, and others than without', async () => {
    const hashes = []
    for (const workers of [1, 2, 4]) {
      const federation = createFederation(config, { workers })
      await federation.play()
      hashes.push(await federation.stateHash())
    }
    expect(new Set(hashes).size).toBe(1)
    const plain = createFederation(quadraticConfig(...usual))
    await plain.play()
    expect(hashes[0]).not.toBe(await plain.stateHash())
  })

  test('gives a replica that is fed with the log the same bits', async () => {
    const federation = createFederation(config)
    await federation.play()
    const replica = createReplica(config)
    for (const message of decodeFrames(federation.server.log.since(0))) replica.apply(message)
    expect(hashOf(replica)).toBe(await federation.stateHash())
  })

  test('counts the frames that were sent, and counts them again from the log', async () => {
    const { server, play } = createFederation(config)
    const results = await play()
    const sent = results.flatMap(({ replies }) => replies).reduce((sum, it) => sum + it.length, 0)
    expect(server.ledger.cumulative.uplinkBytes).toBe(sent)
    const restored = new Server(config)
    restored.restore(decodeFrames(server.log.since(0)))
    expect(restored.ledger.cumulative).toEqual(server.ledger.cumulative)
    expect(restored.exchange.privacyBudget?.epsilon).toBe(server.exchange.privacyBudget?.epsilon)
  })
})

async function firstReplies(...overrides: readonly string[]): Promise<readonly Reply[]> {
  const { replies } = await createFederation(quadraticConfig(...everybody, ...overrides)).round()
  return replies.map((frame) => decode(frame).message as Reply)
}

describe('what is sent', () => {
  test('differs from what was measured at the attackers alone', async () => {
    const honest = await firstReplies()
    const sent = await firstReplies(attack)
    const attackers = [...attackersOf(quadraticConfig(...everybody, attack).federation, 1)]
    expect(attackers).toHaveLength(2)
    for (const { client, scalars } of sent) {
      const own = honest[client]!.scalars
      expect([...scalars]).toEqual([...(attackers.includes(client) ? own.map((g) => -g) : own)])
    }
  })

  test('is what was measured in the precision of the method', async () => {
    const honest = await firstReplies()
    for (const { client, precision, scalars } of await firstReplies('method.precision=int8')) {
      expect(precision).toBe('int8')
      const largest = Math.max(...honest[client]!.scalars.map(Math.abs))
      for (const [index, value] of scalars.entries())
        expect(Math.abs(value - honest[client]!.scalars[index]!)).toBeLessThanOrEqual(largest / 127)
    }
  })

  test('has the same noise from a client for the same seed, and other noise from others', async () => {
    const all = await firstReplies(privacy)
    expect(await firstReplies(privacy)).toEqual(all)
    const plain = await firstReplies(
      'method.privacy={ kind: gaussian, clip: 1, noiseMultiplier: 1e-9 }',
    )
    const noises = all.map(({ scalars }, index) =>
      scalars.map((value, at) => value - plain[index]!.scalars[at]!).join(),
    )
    expect(new Set(noises).size).toBe(7)
  })
})

describe('the budget of a run', () => {
  test('grows with the replies of the client that answered most', async () => {
    const config = quadraticConfig(privacy, 'federation.dropout=0.3')
    const { server, round } = createFederation(config)
    const counts = new Map<number, number>()
    for (let r = 0; r < 8; r++) {
      for (const frame of (await round()).replies) {
        const { client } = decode(frame).message as Reply
        counts.set(client, (counts.get(client) ?? 0) + 1)
      }
      expect(server.exchange.privacyBudget!.epsilon).toBe(
        epsilonSpent(4, 1e-5, Math.max(...counts.values())),
      )
    }
  })
})

describe.each(['hiso', 'fedavg', 'scaffold'])(
  'two of ten attackers that flip signs of %s',
  (method) => {
    test.each(['median', 'trimmedMean, attackers: 2', 'krum, attackers: 2, selected: 6'])(
      'harm the mean more than %s',
      async (aggregator) => {
        const lossOf = async (kind: string) => {
          const config = quadraticConfig(
            'federation={ clients: 10, participants: 10, localSteps: 1, rounds: 80, batchSize: 4 }',
            'federation.attack={ kind: signFlip, share: 0.2, scale: 5 }',
            `federation.aggregator={ kind: ${kind} }`,
            method === 'hiso'
              ? 'method.perturbations=8'
              : `method={ name: ${method}, learningRate: 0.03 }`,
          )
          return (await createFederation(config).play()).at(-1)!.trainLoss!
        }
        expect(await lossOf(aggregator)).toBeLessThan(0.7 * (await lossOf('mean')))
      },
    )
  },
)

describe('attackers with control variates', () => {
  const scaffold = [...everybody, 'method={ name: scaffold, learningRate: 0.03 }']

  async function firstRound(...overrides: readonly string[]) {
    const { round, server } = createFederation(quadraticConfig(...scaffold, ...overrides))
    const { replies } = await round()
    const [entry] = [...decodeFrames(server.log.since(0))] as [VectorEntry]
    const changes = replies.map((frame) => unpack((decode(frame).message as Update).vectors[1]!))
    return { entry, changes }
  }

  const flipped = 'federation.attack={ kind: signFlip, share: 0.3, scale: 2 }'
  const attackers = attackersOf(quadraticConfig(...scaffold, flipped).federation, 1)

  test.each(['mean', 'median'])(
    'forge the change of theirs as they forge their update, and the server aggregates what it was sent (%s)',
    async (kind) => {
      const honest = await firstRound()
      const { entry, changes } = await firstRound(flipped, `federation.aggregator.kind=${kind}`)
      expect(attackers).toHaveLength(2)
      for (const [client, change] of changes.entries()) {
        const factor = attackers.includes(client) ? -2 : 1
        expect(change).toEqual(honest.changes[client]!.map((value) => factor * value))
      }
      expect(entry.control).toEqual((kind === 'mean' ? mean : median).aggregate(changes))
      expect(entry.clientVectors.map(({ vector }) => vector)).toEqual(honest.changes)
    },
  )

  test('cost the log a vector a round, which a run without them does not write', async () => {
    const honest = await firstRound()
    expect(honest.entry.control).toHaveLength(0)
    expect(honest.entry.clientVectors.map(({ vector }) => vector)).toEqual(honest.changes)
  })
})
