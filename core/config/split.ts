/** `split:` how the training samples are dealt to the clients. */
import { z } from 'zod'
import { count, field, positive, withDefaultKind } from './field.ts'
import { ifSampled } from './taskFacts.ts'

const minimum = field(count(1).optional(), {
  label: 'Minimum',
  unit: 'samples per client',
  help: 'No client gets fewer samples than this; if left out, one minibatch, as far as the samples last.',
})

export const splitSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('iid'), minimum }),
      z.strictObject({
        kind: z.literal('dirichlet'),
        alpha: field(positive(1e6).default(1), {
          label: 'Concentration',
          symbol: 'α',
          help: 'Small values give each client few classes; large values approach IID.',
        }),
        alphaScale: field(z.enum(['class', 'prior']).default('class'), {
          label: 'Concentration scale',
          help: 'Whether every class counts α, or α times its share of the samples (prior), the convention of the authors’ code.',
        }),
        balanced: field(z.boolean().default(false), {
          label: 'Equal sizes',
          help: 'Every client gets the same number of samples; only the mix of classes differs.',
        }),
        minimum,
      }),
      z.strictObject({
        kind: z.literal('shards'),
        labelsPerClient: field(count(1).default(2), {
          label: 'Labels per client',
          unit: 'classes',
          help: 'Every client sees only this many classes.',
        }),
        minimum,
      }),
      z.strictObject({
        kind: z.literal('quantity'),
        exponent: field(z.number().min(0).max(10).default(1), {
          label: 'Exponent',
          help: 'The j-th largest client holds a share of the samples proportional to j to the minus this power.',
        }),
        minimum,
      }),
      z.strictObject({
        kind: z.literal('column'),
        column: field(z.string().min(1).prefault(''), {
          label: 'Column',
          help: 'The column of the texts that says where a row comes from: rows of different values go to different clients.',
        }),
        minimum,
      }),
      z.strictObject({ kind: z.literal('whole'), minimum }),
    ]),
    'iid',
  ).prefault({}),
  {
    section: 'clients',
    order: 1,
    usedBy: ifSampled,
    label: 'Split',
    help: 'How the training samples are dealt to the clients.',
  },
)

export type SplitSettings = z.infer<typeof splitSchema>
