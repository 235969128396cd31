/**
 * The one schema of a run: the config file, `--set`, the form, the docs and the run folder all come
 * from it.
 */
import { z } from 'zod'
import { brokerAddress } from './brokerAddress.ts'
import { count, field } from './field.ts'
import { federationSchema } from './federation.ts'
import { methodSchema } from './method.ts'
import { methodFacts } from './methodFacts.ts'
import { devicesSchema, networkSchema } from './network.ts'
import { splitSchema } from './split.ts'
import { taskSchema } from './task.ts'
import { ifLaidOut, ifSampled } from './taskFacts.ts'

const evaluationSchema = z.strictObject({
  every: field(count(1).default(10), {
    label: 'Evaluate every',
    unit: 'rounds',
    help: 'How often the model is evaluated on held-out samples; the last round always is.',
  }),
  samples: field(count(1).default(2000), {
    usedBy: ifSampled,
    label: 'Evaluation samples',
    unit: 'samples',
    help: 'How many held-out samples are used: a fixed sample with every class in proportion; more than there are means all.',
  }),
})

export const providers = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const

export const layouts = ['auto', 'plain', 'nchwc8', 'nchwc16'] as const

const computeSchema = z.strictObject({
  provider: field(z.enum(providers).default('cpu'), {
    usedBy: ifSampled,
    label: 'Provider',
    help: 'Where forward passes run; auto tries what this machine offers and takes the fastest.',
  }),
  workers: field(z.union([z.literal('auto'), count(1, 64)]).default('auto'), {
    label: 'Workers',
    unit: 'threads',
    help: 'How many workers share the forward passes; the results are the same bits for any number.',
  }),
  cluster: field(brokerAddress.optional(), {
    label: 'Cluster',
    help: 'The message broker where other machines offer to work, such as nats://lab-server; left out, only this machine works.',
  }),
  mixed: field(z.boolean().default(false), {
    label: 'Mixed machines',
    help: 'Lets machines of the cluster work whose losses differ from this one’s in the last bits; results then depend on who computes what.',
  }),
  layout: field(z.enum(layouts).default('auto'), {
    usedBy: ifLaidOut,
    label: 'Convolution layout',
    help: 'How images lie in memory; auto takes the blocks of channels that this processor is fast with, where they give the same losses.',
  }),
  probesPerPass: field(z.union([z.enum(['auto', 'single']), count(1, 1024)]).default('auto'), {
    label: 'Probes per pass',
    help: 'With low-rank directions: how many probes share a forward pass beside parameters that nobody rewrites; single writes each probe out. Auto shares from four million parameters on, where the losses agree.',
  }),
  passMemory: field(count(1, 1_048_576).default(256), {
    label: 'Pass memory',
    unit: 'MiB per worker',
    help: 'About what the values of a shared forward pass may take; fewer probes share it where they would take more.',
  }),
  directionMemory: field(count(0, 1_048_576).default(256), {
    label: 'Direction memory',
    unit: 'MiB per worker',
    help: 'Random directions are kept within a round up to this size, and regenerated beyond it; workers that share one state keep them together.',
  }),
})

export const runConfigSchema = z
  .strictObject({
    name: field(z.string().min(1).max(200), {
      section: 'run',
      label: 'Name',
      help: 'What the run is called in lists and charts.',
    }),
    task: taskSchema,
    split: splitSchema,
    federation: field(federationSchema.prefault({}), {
      section: 'run',
      label: 'Federation',
      help: 'Who takes part, how often, and with how much data per step.',
    }),
    method: methodSchema,
    network: networkSchema,
    devices: devicesSchema,
    evaluation: field(evaluationSchema.prefault({}), {
      section: 'run',
      label: 'Evaluation',
      help: 'How often the model is judged on samples that no client has, and on how many.',
    }),
    compute: field(computeSchema.prefault({}), {
      section: 'run',
      label: 'Compute',
      help: 'What of this machine a run uses. Results do not depend on the number of workers.',
    }),
    seed: field(count(0, 2 ** 32 - 1).default(365), {
      section: 'run',
      label: 'Seed',
      help: 'Everything random follows from it; the same config and seed give the same bits.',
    }),
  })
  .superRefine(({ federation, method, network, devices }, context) => {
    if (network.kind === 'none' && devices.deadline !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['devices', 'deadline'],
        message: 'needs a network, whose time it is measured in; set network.kind, or leave it out',
      })
    if (federation.participants > federation.clients)
      context.addIssue({
        code: 'custom',
        path: ['federation', 'participants'],
        message: `must be at most federation.clients (${federation.clients})`,
      })
    const { clients } = methodFacts[method.name]
    if (clients !== undefined && federation.clients !== clients.exactly)
      context.addIssue({
        code: 'custom',
        path: ['federation', 'clients'],
        message: `must be ${clients.exactly} for method ${method.name}, which ${clients.reason}`,
      })
  })

export type RunConfig = z.infer<typeof runConfigSchema>
/** A config as people write it: everything with a default may be left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>
export type Provider = (typeof providers)[number]
export type Layout = (typeof layouts)[number]
export type ComputeSettings = RunConfig['compute']
