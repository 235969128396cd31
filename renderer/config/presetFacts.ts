/** A few figures of a preset in words, for its card. */
import { hasSamples, wordFor, type RunConfig } from '../../core/config/index.ts'
import { formatCount } from '../../figures/index.ts'

/** @param others configs that are played beside the first */
export function presetFacts(
  { task, federation, method, split }: RunConfig,
  others: readonly RunConfig[] = [],
): string[] {
  const names = new Set([method, ...others.map((other) => other.method)].map(({ name }) => name))
  const methods = [...names].map((name) => wordFor('method.name', name))
  const what = !hasSamples(task)
    ? wordFor('task.kind', task.kind) + ('dim' in task ? `, d = ${formatCount(task.dim)}` : '')
    : `${task.dataset.replace('fashion-mnist', 'Fashion-MNIST').replace('mnist', 'MNIST')} · ${task.model}`
  return [
    what,
    methods.join(' · '),
    `${formatCount(federation.rounds)} rounds, ${formatCount(federation.clients)} clients${hasSamples(task) ? `, ${wordFor('split.kind', split.kind)} split` : ''}`,
  ]
}
