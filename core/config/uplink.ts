/**
 * `method.privacy` and `method.precision`: what happens to scalars before they leave a participant.
 */
import { z } from 'zod'
import { precisions } from '../wire/index.ts'
import { field, positive, withDefaultKind } from './field.ts'

const privacy = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({
        kind: z.literal('gaussian'),
        clip: field(
          z
            .number()
            .min(0)
            .max(1e6)
            .refine((clip) => clip > 0, {
              error: 'must be more than 0: noise without clipping protects nobody',
            })
            .prefault(0),
          {
            label: 'Clip',
            symbol: 'C',
            help: 'A reply longer than this, as a vector of all its scalars, is scaled down to it. Without it noise would protect nothing.',
          },
        ),
        noiseMultiplier: field(positive(1e6).default(1), {
          label: 'Noise multiplier',
          symbol: 'σ',
          help: 'The noise on every scalar has a standard deviation of this many times the clip.',
        }),
        delta: field(z.number().gt(0).lt(1).default(1e-5), {
          label: 'Failure probability',
          symbol: 'δ',
          help: 'The chance that the promise of ε does not hold; well below one in the number of clients.',
        }),
      }),
    ]),
    'none',
  ).prefault({}),
  {
    section: 'robustness',
    order: 2,
    starters: { gaussian: { clip: 1 } },
    label: 'Privacy',
    help: 'Gaussian: each client clips its reply and adds noise before it leaves, and the run keeps account of the privacy spent.',
  },
)

/** What every scalar-only method can do to the scalars that it sends. */
export const uplinkFields = {
  precision: field(z.enum(precisions).default('float32'), {
    label: 'Precision',
    help: 'How a scalar is written in a reply: in 4 bytes, in 2, in 1 or half a one with a common scale for the whole reply, or its sign in one bit.',
  }),
  aggregatePrecision: field(z.enum(precisions).default('float32'), {
    label: 'Precision of aggregates',
    help: 'The same for aggregated scalars, in the log and in catch-ups.',
  }),
  privacy,
}

export type PrivacySettings = z.infer<typeof privacy>
