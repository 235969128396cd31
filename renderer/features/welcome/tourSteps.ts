/** The guided first run, step by step: where to look, what to do, and when it is done. */
import { hasSamples, hasTexts, type RunConfig } from '../../../core/config/index.ts'
import { formatCount } from '../../../figures/index.ts'
import type { ViewName } from '../../stores/workspace.ts'

export interface TourStep {
  /** What is pointed at; the card stands in the middle where it is not on screen. */
  readonly target: string | undefined
  readonly view: ViewName | undefined
  readonly title: string
  /** What it says, of the configuration in the form where it speaks of that. */
  readonly text: string | ((config: RunConfig) => string)
  /** Goes on by itself when this becomes true. */
  readonly until?: 'running'
}

export const tourSteps: readonly TourStep[] = [
  {
    target: undefined,
    view: 'configure',
    title: 'A federation in two minutes',
    text: 'Clients train one model together without sharing their data. Usually they send the whole model back and forth. Here they send a few numbers, and everybody rebuilds the same step from them.',
  },
  {
    target: '[data-section="clients"]',
    view: 'configure',
    title: 'Who takes part',
    text: whoTakesPart,
  },
  {
    target: '[data-tour="bytes"]',
    view: 'configure',
    title: 'What it will cost',
    text: 'Before anything runs you see the bytes of a round, measured from real messages, and what FedAvg would send for the same model.',
  },
  {
    target: '[data-testid="run"]',
    view: 'configure',
    title: 'Press Run',
    text: 'The engine starts at once, and the charts move while it works.',
    until: 'running',
  },
  {
    target: 'main',
    view: 'watch',
    title: 'Watch it learn',
    text: 'Loss falls, accuracy rises, and the bytes stay tiny. Point at one chart and all of them show the same round. You can pause, step and change the learning rate above.',
  },
  {
    target: 'main',
    view: 'wire',
    title: 'This is all that was sent',
    text: 'Every message of a round, byte for byte, each field labelled: seeds go down, scalars come up. Nothing here grows with the model.',
  },
  {
    target: 'main',
    view: 'compare',
    title: 'Change something and compare',
    text: 'Run again with DeComFL or another split, then lay the runs over each other here: the rounds, bytes and seconds each needs to reach the same accuracy.',
  },
]

function whoTakesPart({ task, federation: { clients, participants } }: RunConfig): string {
  const called = participants === 1 ? 'one is' : `${formatCount(participants)} are`
  const who =
    clients === 1
      ? 'One client keeps all samples to itself.'
      : `${formatCount(clients)} clients keep their samples to themselves; ${called} called in each round.`
  const map =
    hasSamples(task) && !hasTexts(task) ? ' The map at the right shows who has which classes.' : ''
  return `${who}${map} Every field says what it means.`
}
