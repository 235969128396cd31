/** Settings of the methods whose messages hold scalars only. */
import { z } from 'zod'
import { count, field, positive, share } from './field.ts'
import { schedule } from './schedule.ts'
import { uplinkFields } from './uplink.ts'

const hessian = z
  .strictObject({
    nu: field(share().default(0.05), {
      label: 'Hessian smoothing',
      symbol: 'ν',
      help: 'The weight of the newest estimate in the diagonal Hessian; 0 keeps it at 1 (DeComFL).',
    }),
    epsilon: field(z.number().min(0).default(1e-8), {
      label: 'Hessian floor',
      symbol: 'ε',
      help: 'Added to every squared estimate, so that the diagonal Hessian never reaches 0.',
    }),
    update: field(z.enum(['last', 'all']).default('last'), {
      label: 'Hessian from',
      help: 'last: the last local step of the round. all: every local step in turn.',
    }),
  })
  .prefault({})

const scalarOnly = {
  learningRate: field(positive(1e6).default(0.001), {
    label: 'Learning rate',
    symbol: 'η',
    help: 'The size of the step along the estimated gradient.',
  }),
  learningRateSchedule: schedule,
  mu: field(positive(1e6).default(0.001), {
    label: 'Smoothing parameter',
    symbol: 'μ',
    help: 'How far the parameters are moved along a random direction to measure the loss there.',
  }),
  perturbations: field(count(1, 100_000).default(5), {
    label: 'Perturbations',
    symbol: 'P',
    unit: 'directions per step',
    help: 'How many random directions each local step tries.',
  }),
  perturbationSchedule: schedule,
  estimator: field(z.enum(['forward', 'central']).default('forward'), {
    label: 'Difference',
    help: 'forward: one extra loss per step as reference. central: two losses per direction, more exact.',
  }),
  distribution: field(z.enum(['gaussian', 'rademacher', 'sphere']).default('gaussian'), {
    label: 'Directions',
    help: 'How random directions are drawn: normal, random signs, or uniform on the sphere of radius √d.',
  }),
  weightDecay: field(z.number().min(0).max(1e6).default(0), {
    label: 'Weight decay',
    symbol: 'λ',
    help: 'Pulls the parameters to zero: every step also subtracts η·λ times the parameters.',
  }),
  ...uplinkFields,
}

const hiso = z.strictObject({ name: z.literal('hiso'), ...scalarOnly, hessian })
const decomfl = z.strictObject({ name: z.literal('decomfl'), ...scalarOnly })
const mezo = z.strictObject({ name: z.literal('mezo'), ...scalarOnly })

export const scalarMethods = [hiso, decomfl, mezo] as const

export type HisoSettings = z.infer<typeof hiso>
export type HessianSettings = z.infer<typeof hessian>
export type ScalarSettings = z.infer<(typeof scalarMethods)[number]>
