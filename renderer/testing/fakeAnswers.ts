/**
 * Plausible answers to what views ask of an engine: splits, models, estimates, messages, Hessians.
 */
import type {
  HessianSnapshot,
  InspectedMessage,
  Participation,
  RunEstimate,
  ScalarSpread,
  SplitPreview,
} from '../../core/engine/index.ts'
import type { ModelPreview } from '../../core/tasks/index.ts'
import { hasSamples, type RunConfig } from '../../core/config/index.ts'
import { encode, frameFields, type Message } from '../../core/wire/index.ts'
import { perturbationsOf } from './fakeConfigs.ts'

export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function fakeSplit(
  { federation, split, seed }: RunConfig,
  classes: readonly string[],
): SplitPreview {
  const clients = Math.min(federation.clients, 12_000)
  const next = random(seed)
  const table = new Uint32Array(clients * classes.length)
  const sizes = new Uint32Array(clients)
  const per = 12_000 / clients / classes.length
  const sharpness = split.kind === 'dirichlet' ? 1 / split.alpha : split.kind === 'iid' ? 0.02 : 2
  for (let client = 0; client < clients; client++)
    for (let label = 0; label < classes.length; label++) {
      const skew = Math.exp(Math.min(8, sharpness) * 1.4 * (next() * 2 - 1.2))
      const count = Math.round(per * skew)
      table[client * classes.length + label] = count
      sizes[client] = sizes[client]! + count
    }
  return { classes, sizes, table, notices: [] }
}

export function fakeModel({ task }: RunConfig): ModelPreview {
  if (!hasSamples(task))
    return { dim: task.dim, trainables: [{ name: 'x', shape: [task.dim] }], notices: [] }
  const trainables =
    task.model === 'softmax'
      ? [
          { name: 'weight', shape: [784, 10] },
          { name: 'bias', shape: [10] },
        ]
      : [
          { name: 'conv1.weight', shape: [16, 1, 5, 5] },
          { name: 'conv1.bias', shape: [16] },
          { name: 'conv2.weight', shape: [32, 16, 5, 5] },
          { name: 'conv2.bias', shape: [32] },
          { name: 'fc.weight', shape: [1568, 10] },
          { name: 'fc.bias', shape: [10] },
        ]
  const dim = trainables.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  return { dim, trainables, notices: [] }
}

export function fakeEstimate(config: RunConfig): RunEstimate {
  const { dim } = fakeModel(config)
  const { participants, localSteps } = config.federation
  const scalars = localSteps * perturbationsOf(config.method)
  return {
    dim,
    secondsPerRound: 0.012 * participants * localSteps,
    memoryBytes: dim * 4 * 12,
    workers: 2,
    uplinkBytes: participants * (14 + 4 * scalars),
    downlinkBytes: participants * (26 + 8 * scalars),
    paperBytes: 8 * participants * scalars,
    fedAvgBytes: 8 * dim * participants,
  }
}

export function fakeMessages({ federation, method }: RunConfig, round: number): InspectedMessage[] {
  const next = random(round + 1)
  const { localSteps, participants } = federation
  const scalarsPerStep = perturbationsOf(method)
  const seed = Math.floor(next() * 2 ** 32)
  return Array.from({ length: participants }, (_, client) => {
    const scalars = Float32Array.from({ length: localSteps * scalarsPerStep }, () => next() * 2 - 1)
    return [
      inspected('down', client, { type: 'assignment', round, localSteps, seed }),
      inspected('up', client, { type: 'reply', round, client, scalarsPerStep, scalars }),
    ]
  }).flat()
}

function inspected(
  direction: InspectedMessage['direction'],
  client: number,
  message: Message,
): InspectedMessage {
  const bytes = encode(message)
  const fields = frameFields(bytes)
  return { direction, client, message, bytes, fields, isForged: false, omittedFrames: 0 }
}

export function fakeScalars(
  { method, federation }: RunConfig,
  from: number,
  to: number,
): ScalarSpread {
  const length = Math.max(0, to - from) * perturbationsOf(method)
  const next = random(from + 17)
  const aggregate = Float32Array.from(
    { length },
    (_, index) => ((next() * 2 - 1) * 3) / (1 + index / (60 * perturbationsOf(method))),
  )
  return {
    round: Uint32Array.from(
      { length },
      (_, index) => from + Math.floor(index / perturbationsOf(method)),
    ),
    localStep: new Uint32Array(length),
    perturbation: Uint32Array.from({ length }, (_, index) => index % perturbationsOf(method)),
    aggregate,
    min: aggregate.map((value) => value - 0.4 - next() * 0.5),
    max: aggregate.map((value) => value + 0.4 + next() * 0.5),
    clients: new Uint32Array(length).fill(federation.participants),
  }
}

export function fakeHessian(rounds: number, snapshots: number): HessianSnapshot[] {
  const count = Math.min(snapshots, Math.max(1, rounds))
  return Array.from({ length: count }, (_, index) => {
    const done = Math.round((rounds * (index + 1)) / count)
    const spread = 0.15 + (1.4 * done) / (done + 80)
    const histogram = Uint32Array.from({ length: 48 }, (_, bin) => {
      const x = -4 + (bin + 0.5) / 8
      return 2800 * Math.exp(-(((x + spread * 1.2) / spread) ** 2) / 2)
    })
    const ranks = Float64Array.from({ length: 40 }, (_, i) => Math.round(10 ** (i / 9)))
    return {
      rounds: done,
      histogram,
      low: -4,
      high: 2,
      ranks,
      values: ranks.map((rank) => 3 * rank ** (-spread * 0.9) + 0.02),
      effectiveRank: 28_938 * Math.exp(-spread * 2.2),
    }
  })
}

export function fakeParticipation(
  { federation }: RunConfig,
  from: number,
  to: number,
): Participation {
  const rounds = Array.from({ length: Math.max(0, to - from) }, (_, index) => {
    const next = random(from + index + 3)
    const chosen = new Set<number>()
    while (chosen.size < Math.min(federation.participants, federation.clients))
      chosen.add(Math.floor(next() * federation.clients))
    return Uint32Array.from(chosen).sort()
  })
  return { participants: rounds, answering: rounds }
}
