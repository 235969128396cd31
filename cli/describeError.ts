/** Whatever was thrown, as the lines and the exit code that a person and a script get. */
import { CommanderError } from 'commander'
import { HisoError } from '../core/base/index.ts'
import { exitCodeOf, exitCodes } from './exitCodes.ts'

export interface DescribedError {
  /** Empty where nothing is to be said. */
  readonly text: string
  readonly exitCode: number
}

export function describeError(thrown: unknown): DescribedError {
  if (thrown instanceof HisoError)
    return { text: formatError(thrown.code, thrown.message), exitCode: exitCodeOf(thrown.code) }
  if (thrown instanceof CommanderError)
    return {
      text: thrown.exitCode === 0 ? '' : formatError('USAGE', usageText(thrown.message)),
      exitCode: thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage,
    }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return {
    text: `${formatError('UNEXPECTED', 'this is a bug in HiSo Studio; please report it with these lines')}\n${detail.replace(/^/gm, '  ')}`,
    exitCode: exitCodes.unexpected,
  }
}

/** "error CODE: what is wrong. What to do." */
export function formatError(code: string, message: string): string {
  const text = message.trimEnd()
  return `error ${code}: ${text}${/[.?!]$/.test(text) || text.includes('\n') ? '' : '.'}`
}

/** Commander's "error: unknown option '--jsno'\n(Did you mean --json?)" as one line. */
function usageText(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*\?)\)$/s, '. $1')
    .trim()
}
