/** `federation:` who takes part, how often, and with how much data per step. */
import { z } from 'zod'
import { count, field } from './field.ts'
import { aggregatorSchema, attackSchema, contradictions } from './robustness.ts'
import { ifSampled } from './taskFacts.ts'

export const federationSchema = z
  .strictObject({
    clients: field(count(1, 100_000_000).default(8), {
      section: 'clients',
      label: 'Clients',
      symbol: 'M',
      unit: 'clients',
      help: 'How many clients the federation has.',
    }),
    participants: field(count(1, 1_000_000).default(2), {
      section: 'clients',
      label: 'Participants',
      symbol: 'm',
      unit: 'clients per round',
      help: 'How many of them are sampled for each round, without replacement.',
    }),
    localSteps: field(count(1, 10_000).default(1), {
      section: 'method',
      order: 1,
      label: 'Local steps',
      symbol: 'τ',
      unit: 'steps per round',
      help: 'How many steps each participant takes before it answers.',
    }),
    rounds: field(count(1, 10_000_000).default(200), {
      label: 'Rounds',
      symbol: 'R',
      unit: 'rounds',
      help: 'How many rounds the run has.',
    }),
    batchSize: field(count(1, 1_000_000).default(32), {
      section: 'clients',
      usedBy: ifSampled,
      label: 'Batch size',
      unit: 'samples',
      help: 'How many samples each local step looks at; a client with fewer takes all that it has.',
    }),
    dropout: field(z.number().min(0).lt(1).default(0), {
      section: 'clients',
      label: 'Drop-out',
      unit: 'probability',
      help: 'The probability that a participant fails to answer; the round uses those who did.',
    }),
    catchUp: field(z.enum(['replay', 'snapshot', 'cheapest']).default('replay'), {
      section: 'clients',
      label: 'Catch-up',
      help: 'What a client that missed rounds is sent: those rounds of the log to replay, a snapshot of the state, or for each client what has fewer bytes. Methods that send whole models need neither.',
    }),
    aggregator: aggregatorSchema,
    attack: attackSchema,
  })
  .superRefine((federation, context) => {
    for (const { path, message } of contradictions(federation))
      context.addIssue({ code: 'custom', path: [...path], message })
  })

export type FederationSettings = z.infer<typeof federationSchema>
