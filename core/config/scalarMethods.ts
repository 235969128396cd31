/** Settings of the methods whose messages hold scalars only. */
import { z } from 'zod'
import type { Precision } from '../wire/index.ts'
import { count, field, positive, share } from './field.ts'
import { learningRateSchedule, perturbationSchedule } from './schedule.ts'
import { uplinkFields } from './uplink.ts'
import {
  distribution,
  estimator,
  mu,
  noiseDistribution,
  perturbations,
  rank,
  type Distribution,
} from './zerothOrder.ts'

const hessian = field(
  z
    .strictObject({
      nu: field(share().default(0.05), {
        label: 'Hessian smoothing',
        symbol: 'ν',
        help: 'The weight of the newest estimate in the diagonal Hessian; 0 keeps it at 1 (DeComFL).',
      }),
      epsilon: field(z.number().min(0).default(1e-8), {
        label: 'Hessian offset',
        symbol: 'ε_H',
        help: 'Added to every squared estimate, so that the diagonal Hessian never reaches 0.',
      }),
      warmUp: field(count(0, 1_000_000).default(0), {
        label: 'Hessian warm-up',
        unit: 'rounds',
        help: 'For this many rounds at the start only the diagonal Hessian learns, and the parameters do not move.',
      }),
      freezeAfterWarmUp: field(z.boolean().default(false), {
        label: 'Freeze after warm-up',
        help: 'The diagonal Hessian stays what the warm-up made of it: later losses that flatten out no longer change it, and no second differences are measured any more.',
      }),
      update: field(z.enum(['last', 'all']).default('last'), {
        label: 'Hessian from',
        help: 'Which local steps teach the diagonal Hessian: the last of the round, or all in turn.',
      }),
      redraw: field(z.boolean().default(false), {
        label: 'Redraw directions',
        help: 'With several local steps that teach: each learns from its directions as the Hessian that the step before has left would draw them, as the authors of HiSo do.',
      }),
      estimate: field(
        z.enum(['squared-aggregate', 'second-difference']).default('squared-aggregate'),
        {
          label: 'Hessian estimate',
          help: 'The square of the update, free; or second differences, bends of the loss measured on both sides, for a second scalar per direction: the diagonal Hessian then moves by at most a factor of 2 a round.',
        },
      ),
      shape: field(z.enum(['coordinate', 'row', 'tensor']).default('coordinate'), {
        label: 'One value per',
        help: 'How many parameters share a value of the diagonal Hessian: none, a row (or output channel), or a whole tensor. Sharing averages noise away.',
      }),
      biasCorrection: field(z.boolean().default(false), {
        label: 'Bias correction',
        help: 'Takes the initial value 1 out of the average, as Adam does, so that a long memory learns from the first round on.',
      }),
      debias: field(z.boolean().default(false), {
        label: 'Remove isotropic part',
        help: 'Takes from every squared update what all other coordinates put into it, which everybody knows from the scalars.',
      }),
      floor: field(share().default(0.1), {
        label: 'Relative floor',
        unit: 'share of the mean',
        help: 'Once any of the four settings above is changed, no value of the diagonal Hessian falls below this share of its mean.',
      }),
    })
    .prefault({}),
  {
    section: 'hessian',
    label: 'Hessian',
    help: 'How the diagonal Hessian is learned from what is sent anyway.',
  },
)

/** What every method has whose messages hold scalars only, but how its directions are drawn. */
const common = {
  learningRate: field(positive(1e6).default(0.001), {
    label: 'Learning rate',
    symbol: 'η',
    help: 'The size of the step along the estimated gradient.',
  }),
  learningRateSchedule,
  mu,
  perturbations,
  perturbationSchedule,
  estimator,
  weightDecay: field(z.number().min(0).max(1e6).default(0), {
    label: 'Weight decay',
    symbol: 'λ',
    help: 'Pulls the parameters to zero: every local step, with momentum or without, also subtracts η·λ times the parameters.',
  }),
  momentum: field(z.number().min(0).lt(1).default(0), {
    label: 'Momentum',
    symbol: 'β',
    help: "How much of the last rounds' updates each round takes along; everybody works it out from the same scalars.",
  }),
  orthogonal: field(z.boolean().default(false), {
    label: 'Orthogonal directions',
    help: 'Makes the directions of a step count as orthogonal to each other; worth it where there are nearly as many as parameters.',
  }),
  step: field(z.enum(['explicit', 'implicit']).default('explicit'), {
    onKindChange: 'dropUnlessSet',
    label: 'Step',
    help: 'Explicit: along the gradient. Implicit: each client first damps its scalars along the directions in which the losses of its single samples bend, so that much larger learning rates stay stable; the same messages and forward passes.',
  }),
  ...uplinkFields,
}

/** Of a method whose directions are noise. */
const scalarOnly = { ...common, distribution: noiseDistribution('gaussian'), rank }

/** Of a method that scales its directions parameter by parameter. */
const scaled = { ...common, distribution: distribution('gaussian') }

interface Stepping {
  readonly step: 'explicit' | 'implicit'
  readonly orthogonal: boolean
  readonly precision: Precision
  readonly aggregatePrecision: Precision
}

/** What would change an implicit step's length after it was worked out. */
function checkStep(
  { step, orthogonal, precision, aggregatePrecision }: Stepping,
  context: z.RefinementCtx<unknown>,
): void {
  if (step !== 'implicit') return
  const refuse = (key: string, message: string) => {
    context.addIssue({ code: 'custom', path: [key], message })
  }
  if (orthogonal)
    refuse(
      'orthogonal',
      'must be false with method.step=implicit, whose scalars hold for the directions as they are',
    )
  for (const [key, value] of Object.entries({ precision, aggregatePrecision }))
    if (value === 'sign')
      refuse(
        key,
        'must not be sign with method.step=implicit: the length of its step is in its scalars',
      )
}

interface Whitened {
  readonly hessian: z.infer<typeof hessian>
  readonly precision: Precision
  readonly aggregatePrecision: Precision
  readonly perturbations: number
  readonly distribution: Distribution
}

/** Second differences tell directions apart by what they square to. */
function checkEstimate(
  { hessian, perturbations, distribution, ...precisions }: Whitened,
  context: z.RefinementCtx<unknown>,
): void {
  const refuse = (path: readonly string[], message: string) => {
    context.addIssue({ code: 'custom', path: [...path], message })
  }
  if (hessian.freezeAfterWarmUp && hessian.warmUp === 0)
    refuse(
      ['hessian', 'warmUp'],
      'must be at least 1 with method.hessian.freezeAfterWarmUp=true, or nothing is ever learned (got 0)',
    )
  if (hessian.debias && distribution === 'rademacher' && perturbations < 2)
    refuse(
      ['perturbations'],
      'must be at least 2 with method.hessian.debias=true and method.distribution=rademacher: the square of one random sign is 1 (got 1)',
    )
  if (hessian.redraw) {
    const plain = { estimate: 'squared-aggregate', shape: 'coordinate' } as const
    for (const [key, value] of Object.entries(plain))
      if (hessian[key as keyof typeof plain] !== value)
        refuse(['hessian', key], `must be ${value} with method.hessian.redraw=true`)
    for (const key of ['biasCorrection', 'debias'] as const)
      if (hessian[key]) refuse(['hessian', key], 'must be false with method.hessian.redraw=true')
  }
  if (hessian.estimate !== 'second-difference') return
  if (hessian.debias)
    refuse(
      ['hessian', 'debias'],
      'must be false with method.hessian.estimate=second-difference, which has no isotropic part',
    )
  if (hessian.biasCorrection)
    refuse(
      ['hessian', 'biasCorrection'],
      'must be false with method.hessian.estimate=second-difference, which is no average',
    )
  for (const key of ['precision', 'aggregatePrecision'] as const)
    if (precisions[key] === 'sign')
      refuse(
        [key],
        'must be another than sign with method.hessian.estimate=second-difference, whose size is what it tells',
      )
  if (perturbations < 2)
    refuse(
      ['perturbations'],
      'must be at least 2 with method.hessian.estimate=second-difference, which compares directions (got 1)',
    )
  if (distribution === 'rademacher')
    refuse(
      ['distribution'],
      'must be gaussian or sphere with method.hessian.estimate=second-difference: all squares of random signs are 1',
    )
}

/** A setting that the method's name has decided: another method's does not come from it. */
const decided = <Value extends string>(value: Value, label: string, help: string) =>
  field(z.literal(value).default(value), { onKindChange: 'dropUnlessSet', label, help })

const hiso = z
  .strictObject({ name: z.literal('hiso'), ...scaled, hessian })
  .superRefine(checkEstimate)
  .superRefine(checkStep)

/** The step of a method that is named after it. */
const implicit = decided(
  'implicit',
  'Step',
  'Each client damps its scalars along the directions in which the losses of its single samples bend.',
)

const hisoImplicit = z
  .strictObject({ name: z.literal('hiso-implicit'), ...scaled, hessian, step: implicit })
  .superRefine(checkEstimate)
  .superRefine(checkStep)

const hisoShort = z
  .strictObject({
    name: z.literal('hiso-short'),
    ...scaled,
    hessian,
    perturbations: field(count(1, 100_000).default(40), {
      label: 'Perturbations',
      symbol: 'P',
      unit: 'directions per step',
      help: 'How many random directions each local step tries: eight for the bytes of one of HiSo.',
    }),
    precision: decided(
      'int4',
      'Precision',
      'Scalars go up in half a byte, with a common scale for the reply.',
    ),
    aggregatePrecision: decided(
      'int4',
      'Precision of aggregates',
      'Aggregates lie in the log in half a byte as well.',
    ),
  })
  .superRefine(checkEstimate)
  .superRefine(checkStep)

/** What the authors' paramwise form learns H by. */
const { nu, epsilon, warmUp, update } = hessian.unwrap().shape
const plainHessian = field(z.strictObject({ nu, epsilon, warmUp, update }).prefault({}), {
  section: 'hessian',
  label: 'Hessian',
  help: 'How the diagonal Hessian is learned from what is sent anyway.',
})

const hisoParamwise = z
  .strictObject({ name: z.literal('hiso-paramwise'), ...scaled, hessian: plainHessian })
  .superRefine(checkStep)

const decomfl = z.strictObject({ name: z.literal('decomfl'), ...scalarOnly }).superRefine(checkStep)

const decomflImplicit = z
  .strictObject({ name: z.literal('decomfl-implicit'), ...scalarOnly, step: implicit })
  .superRefine(checkStep)

const mezo = z.strictObject({ name: z.literal('mezo'), ...scalarOnly }).superRefine(checkStep)

const fedkseed = z
  .strictObject({
    name: z.literal('fedkseed'),
    ...scalarOnly,
    pool: field(count(1, 1_000_000).default(4096), {
      label: 'Seed pool',
      symbol: 'K',
      unit: 'seeds',
      help: 'How many seeds there are in all: every round draws one of them.',
    }),
  })
  .superRefine(checkStep)

const feedsign = z.strictObject({
  name: z.literal('feedsign'),
  ...scalarOnly,
  step: decided('explicit', 'Step', 'The length of a step is the learning rate alone.'),
  precision: decided('sign', 'Precision', 'A scalar goes up as its sign, in one bit.'),
  aggregatePrecision: decided(
    'sign',
    'Precision of aggregates',
    'The vote on a direction lies in the log in one bit.',
  ),
})

const trainedShare = (standard: number, help: string) =>
  field(z.number().gt(0).max(1).default(standard), {
    label: 'Trained share',
    unit: 'share of the parameters',
    help,
  })

const fzoo = z.strictObject({
  name: z.literal('fzoo'),
  ...scalarOnly,
  perturbations: field(count(2, 100_000).default(8), {
    label: 'Perturbations',
    symbol: 'P',
    unit: 'directions per step',
    help: 'How many random directions each local step tries, and takes the deviation of the losses from.',
  }),
  distribution: noiseDistribution('rademacher'),
  step: decided('explicit', 'Step', 'The length of a step is the learning rate alone.'),
})

const conmezo = z
  .strictObject({
    name: z.literal('conmezo'),
    ...scalarOnly,
    distribution: noiseDistribution('sphere'),
    momentum: field(z.number().min(0).lt(1).default(0.99), {
      label: 'Momentum',
      symbol: 'β',
      help: 'How much of the past updates each round keeps in the axis of the cone.',
    }),
    coneAngle: field(
      z
        .number()
        .gt(0)
        .max(Math.PI / 2)
        .default(1.35),
      {
        label: 'Cone angle',
        symbol: 'θ',
        unit: 'radians',
        help: 'How far directions lie from the momentum: near 0 they all follow it, at π/2 (1.5708) not at all.',
      },
    ),
    orthogonal: field(z.literal(false).default(false), {
      label: 'Orthogonal directions',
      help: 'Directions that lean to one axis cannot count as orthogonal.',
    }),
  })
  .superRefine(checkStep)

const sparseMezo = z
  .strictObject({
    name: z.literal('sparse-mezo'),
    ...scaled,
    trainedShare: trainedShare(
      0.25,
      'How many of the parameters of each tensor are trained: those that are smallest in size.',
    ),
  })
  .superRefine(checkStep)

const meerkat = z
  .strictObject({
    name: z.literal('meerkat'),
    ...scaled,
    trainedShare: trainedShare(
      0.001,
      'How many of all parameters are trained: those with the largest mean update of the warm-up.',
    ),
    maskRounds: field(count(1, 1_000_000).default(20), {
      label: 'Warm-up',
      unit: 'rounds',
      help: 'For this many rounds at the start the parameters stay where they are, and their updates choose which will be trained.',
    }),
  })
  .superRefine(checkStep)

export const scalarMethods = [
  hiso,
  hisoImplicit,
  hisoParamwise,
  hisoShort,
  decomfl,
  decomflImplicit,
  mezo,
  fedkseed,
  feedsign,
  fzoo,
  conmezo,
  sparseMezo,
  meerkat,
] as const

export type HisoSettings =
  z.infer<typeof hiso> | z.infer<typeof hisoImplicit> | z.infer<typeof hisoShort>
export type HisoParamwiseSettings = z.infer<typeof hisoParamwise>
export type ConmezoSettings = z.infer<typeof conmezo>
export type SparseMezoSettings = z.infer<typeof sparseMezo>
export type MeerkatSettings = z.infer<typeof meerkat>
export type HessianSettings = z.infer<typeof hessian>
export type ScalarSettings = z.infer<(typeof scalarMethods)[number]>
