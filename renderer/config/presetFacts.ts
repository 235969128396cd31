/** A few figures of a preset in words, for its card. */
import { hasSamples, wordFor, type RunConfig } from '../../core/config/index.ts'
import { formatCount } from '../../figures/index.ts'

export function presetFacts({ task, federation, method, split }: RunConfig): string[] {
  const what = !hasSamples(task)
    ? wordFor('task.kind', task.kind) + ('dim' in task ? `, d = ${formatCount(task.dim)}` : '')
    : `${task.dataset.replace('fashion-mnist', 'Fashion-MNIST').replace('mnist', 'MNIST')} · ${task.model}`
  return [
    what,
    `${wordFor('method.name', method.name)}, ${formatCount(federation.rounds)} rounds`,
    `${formatCount(federation.clients)} clients${hasSamples(task) ? `, ${wordFor('split.kind', split.kind)} split` : ''}`,
  ]
}
