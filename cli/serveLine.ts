/** The line that goes on with a federation, complete: to be pasted, and not to be guessed. */
import type { ServeSettings } from '../core/engine/index.ts'
import { shellPath, shellWord, type CommandContext } from './context.ts'

/** As the option has it. */
export const usualDeadline = '60'

/**
 * @param config what the command names: it is not read where the folder holds a run already
 * @param folder absolute, as the paths in `settings`
 */
export function serveLine(
  { cwd, invocation }: Pick<CommandContext, 'cwd' | 'invocation'>,
  config: string,
  folder: string,
  { broker, credentials, start, quorum, deadlineSeconds }: ServeSettings,
): string {
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['--out', shellPath(folder, cwd)],
    ['--broker', shellWord(broker)],
    ['--credentials', credentials && shellPath(credentials, cwd)],
    ['--start', start],
    ['--quorum', quorum],
    ['--deadline', String(deadlineSeconds) === usualDeadline ? undefined : deadlineSeconds],
  ]
  const given = options.filter(([, value]) => value !== undefined)
  return [invocation, 'serve', shellWord(config), ...given.flat()].join(' ')
}
