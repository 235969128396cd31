/** Settings that would be left out without a word: of none of the methods that are played. */
import type { MethodSettings } from './method.ts'
import { methodTitle } from './methodFacts.ts'

/**
 * @param methods that are played; not empty
 * @param path of a value that is set
 * @returns why it can't be, or undefined where it can, or is no setting of a method
 */
export function explainUnusedSetting(
  methods: readonly MethodSettings[],
  path: string,
): string | undefined {
  const [, setting] = /^\s*method\.(\w+)/.exec(path) ?? []
  if (setting === undefined || methods.some((method) => setting in method)) return undefined
  const titles = [...new Set(methods.map(({ name }) => methodTitle(name)))]
  return `${titles.join(' and ')} ${titles.length === 1 ? 'has' : 'have'} no setting ${setting}`
}
