/**
 * What `hiso inspect` says of a decoder: what it takes, its weights by role, and what training
 * would train.
 */
import type { DecoderDescription, DescribedSet } from '../core/tasks/index.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatCount, formatPlural } from './units.ts'

export function formatDecoder(decoder: DecoderDescription, terminal: Terminal): string {
  const { inputs, logits, vocabulary, positions, tokenizer, weights, sets } = decoder
  const { tokens, attention, positions: places, types, past } = inputs
  const taken = [
    ['tokens', tokens],
    ['mask', attention],
    ['positions', places],
    ['types', types],
    ['cache', past.length === 0 ? undefined : `${past[0]!.name}… (${past.length}, fed empty)`],
  ].flatMap(([title, name]) => (name === undefined ? [] : [`${title}: ${name}`]))
  const pairs = formatPairs(terminal, [
    ['decoder', decoder.file],
    ['inputs', taken],
    ['logits', `${logits}, of ${formatCount(vocabulary)} tokens`],
    [
      'rows',
      positions === undefined ? 'of any length' : `of up to ${formatCount(positions)} tokens`,
    ],
    [
      'tokenizer',
      'problem' in tokenizer
        ? `${terminal.paint('yellow', '!')} ${tokenizer.problem}`
        : formatPlural(tokenizer.vocabulary, 'token'),
    ],
    ...sets.map((set) => [titleOf(set), dimensionOf(set, terminal)] as const),
  ])
  const table = formatTable(
    terminal,
    [
      { title: 'weight' },
      { title: 'role' },
      { title: 'shape' },
      { title: 'size', isNumber: true },
      { title: 'training' },
    ],
    weights.map(({ name, role, shape, size, obstacle }) => [
      name,
      role ?? '–',
      shape.length === 0 ? 'scalar' : shape.join(' × '),
      formatCount(size),
      obstacle === undefined ? 'can be trained' : `fixed: ${obstacle}`,
    ]),
  )
  return [pairs, table].join('\n\n')
}

/** Whether there is any way to train it. */
export const isTrainable = ({ sets }: DecoderDescription): boolean =>
  sets.some(({ dim }) => typeof dim === 'number')

function titleOf({ trainables }: DescribedSet): string {
  if (trainables.kind !== 'lora') return 'in full'
  return `LoRA, rank ${trainables.rank}, ${trainables.targets.join(' and ')}`
}

function dimensionOf({ dim }: DescribedSet, terminal: Terminal): string {
  return typeof dim === 'number'
    ? `d = ${formatCount(dim)}`
    : `${terminal.paint('yellow', '!')} ${dim.problem}`
}
