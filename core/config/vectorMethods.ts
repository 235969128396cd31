/**
 * Settings of the methods whose messages are vectors of length d: the rivals that scalar-only
 * methods are measured against.
 */
import { z } from 'zod'
import { field, positive, share, withDefaultKind } from './field.ts'
import { learningRateSchedule } from './schedule.ts'
import { distribution, estimator, mu, perturbations } from './zerothOrder.ts'

const keptShare = field(share().gt(0).default(0.1), {
  label: 'Kept share',
  unit: 'share of d',
  help: 'How many of the d values are sent; the others count as 0.',
})

const compression = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('topK'), share: keptShare }),
      z.strictObject({ kind: z.literal('randomK'), share: keptShare }),
      z.strictObject({ kind: z.literal('int8') }),
    ]),
    'none',
  ).prefault({}),
  {
    label: 'Compression',
    help: 'How a participant writes its update: all values, some of them, or each in one byte.',
  },
)

/** Averages of gradients, or of updates, that reach back; 1 would never forget. */
const memory = (standard: number) => z.number().min(0).lt(1).default(standard)

const local = (learningRate: number) => ({
  learningRate: field(positive(1e6).default(learningRate), {
    label: 'Learning rate',
    symbol: 'η',
    help: 'The size of a local step along the gradient.',
  }),
  learningRateSchedule,
  weightDecay: field(z.number().min(0).max(1e6).default(0), {
    label: 'Weight decay',
    symbol: 'λ',
    help: 'Pulls the parameters to zero: adds λ times the parameters to every gradient.',
  }),
})

const localMomentum = field(memory(0), {
  label: 'Local momentum',
  symbol: 'β',
  help: 'How much of its last step a participant keeps in the next; it starts anew in every round.',
})

const server = (serverLearningRate: number) => ({
  serverLearningRate: field(positive(1e6).default(serverLearningRate), {
    label: 'Server learning rate',
    symbol: 'ηₛ',
    help: 'The size of the step that the server takes along the averaged update; 1 takes the average as it is.',
  }),
  compression,
})

const adaptivity = field(positive(1e6).default(1e-3), {
  label: 'Adaptivity',
  help: 'Added to the root of the second moment: the smaller, the more steps differ between coordinates.',
})

const moments = {
  firstMoment: field(memory(0.9), {
    label: 'First moment',
    symbol: 'β₁',
    help: 'How much of the averaged updates of earlier rounds the server keeps.',
  }),
  secondMoment: field(memory(0.99), {
    label: 'Second moment',
    symbol: 'β₂',
    help: 'How much of the squared updates of earlier rounds the server keeps.',
  }),
}

const fedavg = z.strictObject({
  name: z.literal('fedavg'),
  ...local(0.1),
  localMomentum,
  ...server(1),
})

const fedprox = z.strictObject({
  name: z.literal('fedprox'),
  ...local(0.1),
  localMomentum,
  proximalWeight: field(z.number().min(0).max(1e6).default(0.01), {
    label: 'Proximal weight',
    symbol: 'ρ',
    help: 'Pulls each participant back to the model that it was sent; 0 is FedAvg.',
  }),
  ...server(1),
})

const fedavgm = z.strictObject({
  name: z.literal('fedavgm'),
  ...local(0.1),
  localMomentum,
  serverMomentum: field(memory(0.9), {
    label: 'Server momentum',
    symbol: 'β_s',
    help: 'How much of its last step the server keeps in the next; 0 is FedAvg.',
  }),
  ...server(1),
})

// No momentum: a control variate is what a client's plain steps add up to.
const scaffold = z.strictObject({ name: z.literal('scaffold'), ...local(0.1), ...server(1) })

const fedadam = z.strictObject({
  name: z.literal('fedadam'),
  ...local(0.1),
  localMomentum,
  ...moments,
  adaptivity,
  ...server(0.01),
})

const fedyogi = z.strictObject({
  name: z.literal('fedyogi'),
  ...local(0.1),
  localMomentum,
  ...moments,
  adaptivity,
  ...server(0.01),
})

const fedadagrad = z.strictObject({
  name: z.literal('fedadagrad'),
  ...local(0.1),
  localMomentum,
  adaptivity,
  ...server(0.01),
})

const fedzo = z.strictObject({
  name: z.literal('fedzo'),
  ...local(0.001),
  mu,
  perturbations,
  estimator,
  distribution: distribution('sphere'),
  ...server(1),
})

export const vectorMethods = [
  fedavg,
  fedprox,
  fedavgm,
  scaffold,
  fedadam,
  fedyogi,
  fedadagrad,
  fedzo,
] as const

export type VectorSettings = z.infer<(typeof vectorMethods)[number]>
export type CompressionSettings = z.infer<typeof compression>
export type FedProxSettings = z.infer<typeof fedprox>
export type FedAvgMSettings = z.infer<typeof fedavgm>
export type AdaptiveSettings = z.infer<typeof fedadam> | z.infer<typeof fedyogi>
export type FedAdagradSettings = z.infer<typeof fedadagrad>
export type FedZoSettings = z.infer<typeof fedzo>
