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
      text: thrown.exitCode === 0 ? '' : formatError('USAGE', usageText(thrown)),
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

/**
 * Commander's "error: unknown option '--jsno'\n(Did you mean --json?)" as one line; where it says
 * nothing that leads on, what does.
 */
function usageText({ code, message }: CommanderError): string {
  // Of a command that only has others below it, Commander would print the help.
  if (code === 'commander.help') return 'a command is missing. Add --help to see what there is'
  const text = message
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*\?)\)$/s, '. $1')
    .trim()
  const [, letters] = /^unknown option '-([a-z]{2,})'/.exec(text) ?? []
  if (letters !== undefined) return `${text}. Did you mean --${letters}?`
  const leadsOn = !leavesAlone.has(code) || text.endsWith('?')
  return leadsOn ? text : `${text}. Add --help to see what there is`
}

/** Errors of Commander that name only what is wrong. */
const leavesAlone: ReadonlySet<string> = new Set([
  'commander.unknownOption',
  'commander.unknownCommand',
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
  'commander.excessArguments',
])
