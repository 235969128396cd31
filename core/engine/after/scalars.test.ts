import { expect, test } from 'vitest'
import type { RunConfig } from '../../config/index.ts'
import { messagesOf, readReplies, readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../play/run.ts'
import { ScalarReader } from './scalars.ts'

async function played(config: RunConfig) {
  const host = memoryEngineHost()
  await (await Run.start(host, config, 'run')).play()
  const run = await readRun(host, 'run')
  const entries = [...messagesOf(run.log)].flatMap((it) => (it.type === 'entry' ? [it] : []))
  return { host, entries, replies: await readReplies(host, 'run', 0, Infinity) }
}

const rounds = 4
const base = (...overrides: readonly string[]) =>
  quadraticConfig(`federation.rounds=${rounds}`, 'compute.workers=1', ...overrides)

test.each([
  ['mean', []],
  ['median', ['federation.aggregator={kind: median}']],
  ['trimmed mean', ['federation.aggregator={kind: trimmedMean, attackers: 1}']],
  ['Krum', ['federation.aggregator={kind: krum, attackers: 1}']],
  ['FeedSign', ['method.name=feedsign']],
  ['second differences', ['method.hessian.estimate=second-difference', 'method.mu=0.1']],
])(
  'of a run with %s, ḡ is the log’s and the band is of what was sent',
  async (_name, overrides) => {
    const { host, entries, replies } = await played(base('federation.participants=6', ...overrides))
    const reader = new ScalarReader(host, 'run')
    const pieces = [await reader.read(0, 1), await reader.read(1, rounds)]
    const whole = await new ScalarReader(host, 'run').read(0, rounds)
    expect(pieces.flatMap(({ aggregate }) => [...aggregate])).toEqual([...whole.aggregate])

    const { perturbation, localStep, round } = whole
    const perturbations = Math.max(...perturbation) + 1
    expect(round.length).toBe(
      entries.reduce((sum, { localSteps }) => sum + localSteps, 0) * perturbations,
    )
    for (const [at, of] of round.entries()) {
      const { scalarsPerStep, aggregates } = entries[of]!
      const index = localStep[at]! * scalarsPerStep + perturbation[at]!
      const sent = replies.flatMap((it) =>
        it.type === 'reply' && it.round === of ? [it.scalars[index]!] : [],
      )
      expect(whole.aggregate[at]).toBe(aggregates[index])
      expect([whole.min[at], whole.max[at]]).toEqual([Math.min(...sent), Math.max(...sent)])
      expect(whole.clients[at]).toBe(sent.length)
    }
  },
)

test('second differences are in no band: half of what is sent with them', async () => {
  const { host, entries } = await played(
    base('method.hessian.estimate=second-difference', 'method.mu=0.1'),
  )
  const { round } = await new ScalarReader(host, 'run').read(0, rounds)
  const sent = entries.reduce((sum, { aggregates }) => sum + aggregates.length, 0)
  expect(round.length).toBe(sent / 2)
})

test('a method that sends vectors has none', async () => {
  const { host } = await played(base('method.name=fedavg'))
  expect((await new ScalarReader(host, 'run').read(0, rounds)).round.length).toBe(0)
})
