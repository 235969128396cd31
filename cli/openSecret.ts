/** A credentials file that others on this machine can read is no secret: said in one line. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { shellPath, type CommandContext } from './context.ts'

/** Rights of the group and of everybody else. */
const others = 0o077

/** @param path as given; undefined without credentials */
export function warnOfOpenSecret(
  { terminal, cwd }: Pick<CommandContext, 'terminal' | 'cwd'>,
  path: string | undefined,
): void {
  // Windows keeps rights in another way, and a mode tells nothing there.
  if (path === undefined || path === '' || process.platform === 'win32') return
  const found = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (found?.isFile() !== true || (found.mode & others) === 0) return
  const shown = shellPath(resolve(cwd, path), cwd)
  terminal.tell(
    `  ${terminal.paint('yellow', '!')} Others on this machine can read ${shown}, which holds a secret:  chmod 600 ${shown}`,
  )
}
