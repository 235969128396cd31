/**
 * A walk through a round of every method in the registry: its numbers are the run's, and it ends
 * where the next round begins.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { methodNames, type RunConfig } from '../config/index.ts'
import type { RoundResult } from '../federation/index.ts'
import { createFederation, createReplica, hashOf, quadraticConfig } from '../testing/federation.ts'
import { decode, decodeFrames, type Answer, type LogMessage, type Reply } from '../wire/index.ts'
import { createLogWorker, recordRound, stepsOf, type RoundRecord } from './index.ts'

const configOf = (name: string, ...overrides: readonly string[]) =>
  quadraticConfig(
    `method.name=${name}`,
    'federation.rounds=6',
    ...(name === 'mezo' ? ['federation.clients=1', 'federation.participants=1'] : []),
    ...overrides,
  )

function answersOf({ replies }: RoundResult): Answer[] {
  return replies.map((frame) => decode(frame).message as Answer)
}

/** Plays a config's run, and walks through one of its rounds. */
async function walk(config: RunConfig, round: number) {
  const whole = createFederation(config)
  const results = await whole.play()
  const { log } = whole.server
  const { pool } = createFederation(config)
  const record = await recordRound({
    config,
    dim: 101,
    log,
    round,
    worker: await pool.first((worker) => Promise.resolve(worker)),
    workerRounds: 0,
    batchesPerCall: 16,
    answers: answersOf(results[round]!),
  })
  return { log, record, result: results[round]! }
}

function hashAfter(config: RunConfig, messages: Iterable<LogMessage>): string {
  const replica = createReplica(config)
  for (const message of messages) replica.apply(message)
  return hashOf(replica)
}

/** What the pieces of the round's method say that they compute. */
function formulasOf({ method, before, round }: RoundRecord): string[] {
  const pieces =
    method.protocol === 'vector'
      ? [method.gradient, method.drift, method.server]
      : [
          method.estimator(round),
          method.step,
          method.curvature,
          ...(method.direction.metric(before.hessian) === undefined ? [] : [method.direction]),
          ...(method.cone === undefined ? [] : [method.cone]),
          ...(method.scaling === undefined ? [] : [method.scaling]),
        ]
  return pieces.flatMap(({ formula }) => formula ?? [])
}

const variants: Readonly<Record<string, readonly string[]>> = {
  'as it is': [],
  'with drop-outs': ['federation.dropout=0.5'],
  'with attackers and a median': [
    'federation.attack={ kind: signFlip, share: 0.3 }',
    'federation.aggregator.kind=median',
  ],
}

describe.each(methodNames)('a walk through a round of %s', (name) => {
  test.each(Object.keys(variants))('ends at the next state, %s', async (variant) => {
    if (name === 'mezo' && variant.includes('attackers')) return
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 99 }),
        async (round, seed) => {
          const config = configOf(name, `seed=${seed}`, ...variants[variant]!)
          const { log, record, result } = await walk(config, round)
          expect(record.before.stateHash).toBe(hashAfter(config, decodeFrames(log.slice(0, round))))
          expect(record.after.stateHash).toBe(
            hashAfter(config, decodeFrames(log.slice(0, round + 1))),
          )
          expect(record.isEntryAsRecorded).toBe(true)
          expect(record.bytes).toEqual(result.bytes)
          for (const participant of record.participants) {
            expect(participant.reply !== undefined).toBe(participant.answers)
            expect(participant.isAsRecorded).toBe(participant.answers ? true : undefined)
          }
        },
      ),
      { numRuns: 3 },
    )
  })

  test('says what each step computes, and its scalars are those of the reply', async () => {
    const config = configOf(name, 'federation.localSteps=2')
    const { record } = await walk(config, 3)
    for (const { client, reply } of record.participants) {
      const steps = stepsOf(record, config, client)
      expect(steps[0]!.place).toBe('everyone')
      expect(steps.at(-1)!.figures).toContainEqual({
        symbol: 'hash',
        value: record.after.stateHash.slice(0, 12),
      })
      for (const { title, explanation, warning } of steps) {
        expect(title).not.toBe('')
        expect(explanation).not.toBe('')
        expect(warning).toBeUndefined()
      }
      const formulas = steps.flatMap(({ formula }) => formula ?? []).join('\n')
      for (const formula of formulasOf(record)) expect(formulas).toContain(formula)
      const { message } = decode(reply!)
      if (message.type !== 'reply' || message.precision !== undefined) continue
      const figures = steps.flatMap((step) => step.figures)
      const damped = figures.filter(({ symbol }) => symbol === 'g̃')
      const shown = (damped.length > 0 ? damped : figures).flatMap(({ symbol, value }) =>
        symbol === 'g' && typeof value === 'number'
          ? [value]
          : symbol === 'g̃'
            ? [...(value as Float32Array)]
            : [],
      )
      expect(Float32Array.from(shown)).toEqual(message.scalars)
    }
  })
})

test.each(['float16', 'int8', 'int4', 'sign'])(
  'scalars that go up in %s are shown as measured and as sent',
  async (precision) => {
    const config = configOf('decomfl', `method.precision=${precision}`)
    const { record } = await walk(config, 2)
    const { client, reply } = record.participants[0]!
    const steps = stepsOf(record, config, client)
    const { message } = decode(reply!)
    const rounded = steps.find(({ figures }) => figures.some(({ symbol }) => symbol === 'g sent'))!
    expect(rounded.title).toMatch(/bits|signs/)
    expect(rounded.figures.at(-1)!.value).toEqual((message as Reply).scalars)
  },
)

test('votes are counted, and the majority has the formula of a sign', async () => {
  const config = configOf('feedsign')
  const { record } = await walk(config, 2)
  const steps = stepsOf(record, config, record.participants[0]!.client)
  const vote = steps.find(({ title }) => title.includes('votes'))!
  expect(vote.formula).toBe(
    String.raw`\bar g = \operatorname{sign}\left( \frac{1}{m} \sum_i g_i \right)`,
  )
  expect(steps.map(({ title }) => title)).not.toContain('It keeps the signs alone')
})

test('a seed of a pool says how many there are', async () => {
  const config = configOf('fedkseed', 'method.pool=77')
  const { record } = await walk(config, 2)
  const steps = stepsOf(record, config, record.participants[0]!.client)
  expect(steps[2]!.figures).toContainEqual({ symbol: 'K', value: 77, unit: 'seeds' })
})

/** Of a mask that is chosen by x the log alone knows nothing. */
const walkedByLog = methodNames.filter((name) => {
  const { method } = createFederation(configOf(name)).server.exchange
  return method.protocol === 'scalar' && method.curvature.hessian !== 'mask'
})

test.each(walkedByLog)('%s without its model and data walks what the log has', async (name) => {
  const config = configOf(name)
  const whole = createFederation(config)
  const results = await whole.play()
  const { log } = whole.server
  const replica = createReplica(config)
  replica.params.fill(0)
  const record = await recordRound({
    config,
    dim: 101,
    log,
    round: 3,
    worker: createLogWorker(replica),
    workerRounds: 0,
    batchesPerCall: 1,
    answers: answersOf(results[3]!),
    missing: 'the file is not there',
  })
  const known = createReplica(config)
  for (const message of decodeFrames(log.slice(0, 4))) known.apply(message)
  expect(record.after.hessian).toEqual(known.hessian)
  expect(record.bytes).toEqual(results[3]!.bytes)
  const steps = stepsOf(record, config, record.participants[0]!.client)
  expect(steps.map(({ explanation }) => explanation).join(' ')).not.toContain('hash')
  const sent = steps.find(({ title }) => title === 'The reply goes up')!
  expect(sent.message!.bytes).toEqual(record.participants[0]!.reply)
  expect(steps.filter(({ warning }) => warning?.includes('not there')).length).toBeGreaterThan(1)
  expect(steps.flatMap(({ picture }) => picture ?? []).map(({ kind }) => kind)).not.toContain(
    'params',
  )
})

test('a client that is sent a snapshot gets its bytes in place of the rounds', async () => {
  const config = configOf('hiso', 'federation.catchUp=snapshot')
  const { record, log } = await walk(config, 4)
  const { client } = record.participants[0]!
  const step = stepsOf(record, config, client).find(({ title }) => title.includes('snapshot'))!
  expect(step.message!.totalBytes).toBe(record.bytes.catchUpBytes / record.participants.length)
  expect(step.message!.totalBytes).toBeGreaterThan(2 * 4 * 101)
  const { message } = decode(step.message!.bytes)
  const { params, hessian } = record.before
  expect(message).toMatchObject({ type: 'snapshot', round: 4, vectors: 2, dim: 101 })
  if (message.type === 'snapshot')
    expect(message.numbers).toEqual(Float32Array.of(...params, ...hessian))
  expect(log.rounds).toBe(6)
})

test.each(['mean', 'median', 'trimmedMean', 'krum'])(
  'the %s of updates is written with Δ in place of g, and its words stay words',
  async (kind) => {
    const config = configOf(
      'fedavg',
      'federation.clients=6',
      'federation.participants=6',
      `federation.aggregator.kind=${kind}`,
    )
    const { record } = await walk(config, 1)
    const { formula } = stepsOf(record, config, record.participants[0]!.client).find(
      ({ title }) => title === 'The server aggregates',
    )!
    expect(formula).toContain(String.raw`\bar \Delta`)
    expect(formula).not.toMatch(/[a-z]\\Delta|\\Delta [a-z]/)
  },
)

test('a reply that was recorded otherwise is said', async () => {
  const config = configOf('decomfl')
  const whole = createFederation(config)
  const results = await whole.play()
  const { pool } = createFederation(config)
  const [first, ...others] = answersOf(results[2]!)
  if (first?.type !== 'reply') throw new Error('DeComFL answers with scalars')
  const record = await recordRound({
    config,
    dim: 101,
    log: whole.server.log,
    round: 2,
    worker: await pool.first((worker) => Promise.resolve(worker)),
    workerRounds: 0,
    batchesPerCall: 16,
    answers: [{ ...first, scalars: first.scalars.map((it) => it + 1) }, ...others],
  })
  const warnings = stepsOf(record, config, first.client).flatMap(({ warning }) => warning ?? [])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('recorded other bytes')
})
