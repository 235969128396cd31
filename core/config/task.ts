/** `task:` what is learned - a dataset with a model, or an analytic objective. */
import { z } from 'zod'
import { count, field, positive, share, withDefaultKind, type Users } from './field.ts'
import { standardTestShare, textFields } from './text.ts'
import { trainableSetSchema } from './trainableSet.ts'

export const languageModels = ['opt-tiny', 'opt-125m', 'opt-350m', 'opt-1.3b', 'opt-2.7b'] as const

export const builtInModels = ['softmax', 'mlp', 'cnn-mnist', 'cnn-fashion'] as const

const onnxModels: Users = {
  who: 'models from ONNX files',
  is: ({ model }) => !(builtInModels as readonly unknown[]).includes(model),
}

/** Also folders of images, until they are read. */
const tables: Users = {
  who: 'tables',
  is: ({ dataset }, { imageSets }) => !imageSets.includes(String(dataset)),
}

const classification = z.strictObject({
  kind: z.literal('classification'),
  dataset: field(z.string().min(1), {
    onKindChange: 'drop',
    label: 'Dataset',
    help: 'A bundled dataset (mnist, fashion-mnist) or the path of a CSV file or of a folder with idx files.',
  }),
  model: field(z.string().min(1), {
    onKindChange: 'drop',
    label: 'Model',
    help: `A built-in model (${builtInModels.join(', ')}) or the path of an ONNX classifier.`,
  }),
  hidden: field(z.array(count(1, 65_536)).max(16).default([32]), {
    usedBy: { who: 'the model mlp', is: ({ model }) => model === 'mlp' },
    label: 'Hidden layers',
    unit: 'units per layer',
    help: 'Widths of the hidden layers of the built-in mlp, from input to output.',
  }),
  initialWeights: field(z.enum(['uniform', 'zero']).default('uniform'), {
    usedBy: { who: 'the model softmax', is: ({ model }) => model === 'softmax' },
    label: 'Initial weights',
    help: 'Where softmax regression starts: small random weights, or all 0, where no class is preferred and the loss bends most.',
  }),
  trainable: field(z.array(z.string().min(1)).min(1).default(['*']), {
    usedBy: onnxModels,
    label: 'Trainable tensors',
    help: 'Which weights of an ONNX file are trained: names, where * stands for any characters.',
  }),
  labelColumn: field(z.string().min(1).optional(), {
    usedBy: tables,
    label: 'Label column',
    help: 'The column of a CSV file that holds the class; if left out, one named label, class, target or y, else the last.',
  }),
  standardise: field(z.boolean().default(true), {
    usedBy: tables,
    label: 'Standardise columns',
    help: 'Shifts and scales every column of a table to mean 0 and deviation 1; without it a model sees each column in its own unit.',
  }),
  testShare: field(share().default(standardTestShare), {
    usedBy: tables,
    label: 'Test share',
    help: 'The share of the samples held out for evaluation where a dataset comes without a test set.',
  }),
})

const language = z.strictObject({
  kind: z.literal('language'),
  model: field(z.string().min(1), {
    onKindChange: 'drop',
    label: 'Model',
    help: `An OPT shape with random weights (${languageModels.join(', ')}), a bundled model (opt-mail, use-lite), the path of an ONNX decoder or encoder or of its folder, or hf:owner/name for one that was downloaded.`,
  }),
  trainables: trainableSetSchema,
  frozen: field(z.enum(['float32', 'float16']).default('float32'), {
    label: 'Frozen weights',
    help: 'How large weights that are not trained are kept. Half precision takes half the memory; they are multiplied as float32 all the same. On the processor only, and for methods that need no gradient.',
  }),
  ...textFields,
})

const spectrum = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('flat'),
        largest: field(positive().default(1), {
          label: 'Curvature',
          symbol: 'L',
          help: 'The Hessian is this number times the identity.',
        }),
      }),
      z.strictObject({
        kind: z.literal('power-law'),
        largest: field(positive().default(1), {
          label: 'Largest curvature',
          symbol: 'L',
          help: 'The largest entry of the diagonal Hessian.',
        }),
        exponent: field(z.number().min(0).max(10).default(1), {
          label: 'Exponent',
          help: 'The j-th entry of the diagonal Hessian is L divided by j to this power.',
        }),
      }),
      z.strictObject({
        kind: z.literal('low-rank'),
        largest: field(positive().default(1), {
          label: 'Largest curvature',
          symbol: 'L',
          help: 'The curvature of the few steep coordinates.',
        }),
        rank: field(count(1).default(10), {
          label: 'Rank',
          unit: 'coordinates',
          help: 'How many coordinates are steep.',
        }),
        smallest: field(z.number().min(0).default(1e-4), {
          label: 'Smallest curvature',
          help: 'The curvature of all other coordinates.',
        }),
      }),
    ]),
    'low-rank',
  ).prefault({}),
  {
    label: 'Spectrum',
    help: 'How the curvature of the quadratic is spread over its coordinates.',
  },
)

const quadratic = z.strictObject({
  kind: z.literal('quadratic'),
  dim: field(count(1, 2 ** 30).default(1000), {
    label: 'Dimension',
    symbol: 'd',
    unit: 'parameters',
    help: 'The number of parameters of the analytic quadratic.',
  }),
  spectrum,
  heterogeneity: field(z.number().min(0).default(0), {
    label: 'Heterogeneity',
    help: "How far each client's optimum lies from the common one, in standard deviations per coordinate.",
  }),
  gradientNoise: field(z.number().min(0).default(0), {
    label: 'Gradient noise',
    help: 'Standard deviation of the random slope that each minibatch adds, per coordinate.',
  }),
})

export const taskSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [classification, language, quadratic]),
    'classification',
  ),
  {
    section: 'task',
    starters: {
      classification: { dataset: 'mnist', model: 'softmax' },
      language: { dataset: 'spam-mail', model: 'opt-mail', template: 'spam' },
    },
    label: 'Task',
    help: 'What is learned: a classifier on a dataset, a language model on texts, or an analytic quadratic whose Hessian is known.',
  },
)

export type TaskSettings = z.infer<typeof taskSchema>
export type ClassificationSettings = z.infer<typeof classification>
export type LanguageSettings = z.infer<typeof language>
export type QuadraticSettings = z.infer<typeof quadratic>
export type SpectrumSettings = z.infer<typeof spectrum>
