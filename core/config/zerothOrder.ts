/** Settings of every estimate of a gradient from losses, whatever is then sent of it. */
import { z } from 'zod'
import { count, field, positive } from './field.ts'

export const mu = field(positive(1e6).default(0.001), {
  label: 'Smoothing parameter',
  symbol: 'μ',
  help: 'How far the parameters are moved along a random direction to measure the loss there.',
})

export const perturbations = field(count(1, 100_000).default(5), {
  label: 'Perturbations',
  symbol: 'P',
  unit: 'directions per step',
  help: 'How many random directions each local step tries.',
})

export const estimator = field(z.enum(['forward', 'central']).default('forward'), {
  label: 'Difference',
  help: 'Forward: one extra loss per step as reference. Central: two losses per direction, more exact.',
})

/** What these settings are where nobody has chosen any. */
export const defaultEstimate = {
  perturbations: perturbations.parse(undefined),
  mu: mu.parse(undefined),
  estimator: estimator.parse(undefined),
}

const distributions = ['gaussian', 'rademacher', 'sphere'] as const
export type Distribution = (typeof distributions)[number]

export const distribution = (standard: Distribution) =>
  field(z.enum(distributions).default(standard), {
    label: 'Directions',
    help: 'How random directions are drawn: normal, random signs, or uniform on the sphere of radius √d.',
  })

/** As `distribution`, for a method whose directions are noise and nothing else. */
export const noiseDistribution = (standard: Distribution) =>
  field(z.enum([...distributions, 'low-rank']).default(standard), {
    label: 'Directions',
    help: 'How random directions are drawn: normal, random signs, uniform on the sphere of radius √d, or for every matrix as a product of two thin ones of the given rank.',
  })

export const rank = field(count(1, 4096).default(4), {
  label: 'Rank',
  help: 'The rank of low-rank directions; a matrix for which that saves nothing stays as it is.',
})
