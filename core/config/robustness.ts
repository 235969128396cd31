/**
 * `federation.aggregator` and `federation.attack`: who means harm, and what the server does about
 * it.
 */
import { z } from 'zod'
import { count, field, positive, share, withDefaultKind } from './field.ts'

const expectedAttackers = field(count(1, 1_000_000).default(1), {
  label: 'Attackers expected',
  unit: 'clients per round',
  help: 'How many attackers among the participants of a round the aggregator is to withstand.',
})

export const aggregatorSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('mean') }),
      z.strictObject({ kind: z.literal('median') }),
      z.strictObject({ kind: z.literal('trimmedMean'), attackers: expectedAttackers }),
      z.strictObject({
        kind: z.literal('krum'),
        attackers: expectedAttackers,
        selected: field(count(1, 1_000_000).default(1), {
          label: 'Selected',
          unit: 'clients',
          help: 'How many of the replies that agree best are averaged: 1 is Krum, more is multi-Krum.',
        }),
      }),
    ]),
    'mean',
  ).prefault({}),
  {
    section: 'robustness',
    order: 1,
    label: 'Aggregator',
    help: 'How the server makes one answer of many: the mean trusts everybody, the others withstand some attackers.',
  },
)

const attackers = {
  share: field(share().gt(0).default(0.2), {
    label: 'Share of attackers',
    unit: 'share of clients',
    help: 'Which share of all clients attacks; who they are follows from the seed and stays so for the whole run.',
  }),
}

const scale = (standard: number, help: string) =>
  field(positive(1e6).default(standard), { label: 'Scale', help })

export const attackSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({
        kind: z.literal('gaussian'),
        ...attackers,
        scale: scale(10, 'How many times larger than honest replies the noise is.'),
      }),
      z.strictObject({
        kind: z.literal('signFlip'),
        ...attackers,
        scale: scale(1, 'What the flipped reply is multiplied by.'),
      }),
      z.strictObject({
        kind: z.literal('trim'),
        ...attackers,
        scale: field(z.number().gt(1).max(1e6).default(2), {
          label: 'Scale',
          help: 'How many times further than the most extreme honest value the attackers go.',
        }),
      }),
      z.strictObject({ kind: z.literal('krum'), ...attackers }),
      z.strictObject({
        kind: z.literal('colluding'),
        ...attackers,
        scale: scale(1.5, 'How many standard deviations from the honest mean all attackers stand.'),
      }),
    ]),
    'none',
  ).prefault({}),
  {
    section: 'robustness',
    label: 'Attack',
    help: 'What a share of the clients sends instead of honest answers, to see what the aggregator makes of it.',
  },
)

export type AggregatorSettings = z.infer<typeof aggregatorSchema>
export type AttackSettings = z.infer<typeof attackSchema>

interface Federation {
  readonly clients: number
  readonly participants: number
  readonly aggregator: AggregatorSettings
  readonly attack: AttackSettings
}

/** More attackers than this do not fit in memory. */
const mostAttackers = 1_000_000

/** What does not fit together; paths begin below `federation`. */
export function contradictions({ clients, participants, aggregator, attack }: Federation) {
  const found: { readonly path: readonly string[]; readonly message: string }[] = []
  const refuse = (path: readonly string[], message: string) => found.push({ path, message })
  if (aggregator.kind === 'trimmedMean' && participants <= 2 * aggregator.attackers)
    refuse(
      ['participants'],
      `must be at least ${2 * aggregator.attackers + 1} for a trimmed mean that cuts ${aggregator.attackers} at either end, or nobody is left (got ${participants})`,
    )
  if (aggregator.kind === 'krum') {
    const needed = 2 * aggregator.attackers + 3
    const trusted = participants - aggregator.attackers - 2
    if (participants < needed)
      refuse(
        ['participants'],
        `must be at least ${needed} for Krum against ${aggregator.attackers} attacker${aggregator.attackers === 1 ? '' : 's'}, which needs 2 · attackers + 3 (got ${participants})`,
      )
    else if (aggregator.selected > trusted)
      refuse(
        ['aggregator', 'selected'],
        `must be at most ${trusted}, participants − attackers − 2 (got ${aggregator.selected})`,
      )
  }
  if (attack.kind !== 'none') {
    const attackers = Math.round(attack.share * clients)
    if (attackers === 0)
      refuse(['attack', 'share'], `is less than one of ${clients} clients (got ${attack.share})`)
    if (attackers > mostAttackers)
      refuse(
        ['attack', 'share'],
        `makes ${attackers} attackers, at most ${mostAttackers} can be simulated`,
      )
  }
  return found
}
