/**
 * What `hiso inspect` says of one of OPT's shapes: what it is, and what training it would take on
 * this machine.
 */
import type { OptForm, OptOutline } from '../core/engine/index.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatBytes, formatCount, formatDuration } from './units.ts'

const formTitles: Readonly<Record<OptForm, string>> = {
  full: 'all of it',
  lora: 'LoRA',
  loraHalf: 'LoRA, frozen float16',
  lowRank: 'all of it, low-rank',
}

const tooLargeFor: Readonly<Record<OptForm, string>> = {
  full: 'In full it takes',
  lora: 'With LoRA it takes',
  loraHalf: 'With LoRA beside weights in float16 it takes',
  lowRank: 'With low-rank directions it takes',
}

/** @param memoryBytes of the machine */
export function formatOptOutline(
  outline: OptOutline,
  memoryBytes: number,
  terminal: Terminal,
): string {
  const { name, shape, parameters, setting, plans } = outline
  const pairs = formatPairs(terminal, [
    ['decoder', `${name}, random weights`],
    [
      'shape',
      `${shape.layers} layers of ${formatCount(shape.hidden)}, ${shape.heads} heads, ${formatCount(shape.ffn)} units between`,
    ],
    [
      'vocabulary',
      `${formatCount(shape.vocabulary)} tokens, up to ${formatCount(shape.positions)} in a row`,
    ],
    ['parameters', formatCount(parameters)],
    [
      'planned for',
      `HiSo; low-rank: DeComFL with the implicit step. ${setting.participants} participants, ${setting.batchSize} rows of ${setting.tokens} tokens each, P = ${setting.perturbations}`,
    ],
  ])
  const table = formatTable(
    terminal,
    [
      { title: 'trained' },
      { title: 'd', isNumber: true },
      { title: 'workers', isNumber: true },
      { title: 'memory', isNumber: true },
      { title: 'a round', isNumber: true },
      { title: 'up', isNumber: true },
      { title: 'down', isNumber: true },
      { title: 'FedAvg', isNumber: true },
    ],
    plans.map((plan) => [
      formTitles[plan.form],
      formatCount(plan.dim),
      String(plan.workers),
      formatBytes(plan.memoryBytes),
      formatDuration(1000 * plan.secondsPerRound),
      formatBytes(plan.uplinkBytes),
      formatBytes(plan.downlinkBytes),
      formatBytes(plan.fedAvgBytes),
    ]),
  )
  const note = terminal.paint(
    'dim',
    '  Nothing of it was run but one layer. Bytes are those of one participant in one round. Fewer workers take less memory.',
  )
  const tooLarge = plans.filter((plan) => plan.memoryBytes > memoryBytes)
  const warnings = tooLarge.map(
    (plan) =>
      `  ${terminal.paint('yellow', '!')} ${tooLargeFor[plan.form]} more than this machine’s ${formatBytes(memoryBytes)}.`,
  )
  return [pairs, table, [note, ...warnings].join('\n')].join('\n\n')
}
