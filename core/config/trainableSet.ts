/** `task.trainables:` which parameters of a language model are trained. */
import { z } from 'zod'
import { count, field, positive, withDefaultKind } from './field.ts'

/** Parts of a decoder that LoRA can stand beside. */
const loraTargets = ['q', 'k', 'v', 'qkv', 'o', 'mlp', 'head'] as const

export const trainableSetSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('full') }),
      z.strictObject({ kind: z.literal('head') }),
      z.strictObject({
        kind: z.literal('lora'),
        rank: field(count(1, 4096).default(8), {
          label: 'Rank',
          unit: 'columns',
          help: 'How many columns the matrix A of each layer has, and B rows.',
        }),
        alpha: field(positive().default(16), {
          label: 'LoRA alpha',
          help: 'The product of A and B is multiplied by this over the rank.',
        }),
        targets: field(z.array(z.enum(loraTargets)).min(1).default(['q', 'v']), {
          label: 'Layers',
          help: 'Which layers get a pair of matrices: q, k, v, o (attention), mlp, head; qkv where the three are one.',
        }),
      }),
      z.strictObject({
        kind: z.literal('pattern'),
        names: field(z.array(z.string().min(1)).min(1), {
          label: 'Trainable tensors',
          help: 'Names of weights, where * stands for any characters, or role:q, role:mlp, role:norm… for all of a part.',
        }),
      }),
    ]),
    'full',
  ).prefault({}),
  {
    starters: { pattern: { names: ['role:q', 'role:v'] } },
    label: 'Trained',
    help: 'All weights, only the classifier on top of an encoder (head), thin matrices beside some layers (LoRA), or the weights of some names.',
  },
)

export type TrainableSetSettings = z.infer<typeof trainableSetSchema>
