/** How a setting changes over the rounds: the same choice for every setting that may. */
import { z } from 'zod'
import { count, field, positive, withDefaultKind } from './field.ts'

const schedule = withDefaultKind(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant') }),
    z.strictObject({
      kind: z.literal('step'),
      every: field(count(1).default(100), {
        label: 'Every',
        unit: 'rounds',
        help: 'After this many rounds the value is multiplied by the factor, again and again.',
      }),
      factor: field(positive(1e6).default(0.5), {
        label: 'Factor',
        help: 'What the value is multiplied by at each step.',
      }),
    }),
    z.strictObject({
      kind: z.literal('cosine'),
      final: field(z.number().min(0).max(1e6).default(0), {
        label: 'Final share',
        help: 'What is left of the value at the last round, as a share of the initial value.',
      }),
    }),
  ]),
  'constant',
).prefault({})

export const learningRateSchedule = field(schedule.clone(), {
  label: 'Learning rate over time',
  help: 'How the learning rate changes with the rounds.',
})

export const perturbationSchedule = field(schedule.clone(), {
  label: 'Perturbations over time',
  help: 'How the number of directions per step changes with the rounds.',
})

export type ScheduleSettings = z.infer<typeof schedule>
