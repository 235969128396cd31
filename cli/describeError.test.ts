/** What people and scripts get of an error. */
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { HisoError, type ErrorCode } from '../core/base/index.ts'
import { describeError } from './describeError.ts'
import { exitCodeOf, exitCodeTexts } from './exitCodes.ts'

describe('an error', () => {
  it('names code, place, cause and remedy in one line, without a stack', () => {
    const error = new HisoError('DATA_INVALID', {
      where: 'a.csv, row 3',
      what: 'not a number',
      remedy: 'Mend it',
    })
    expect(describeError(error)).toEqual({
      text: 'error DATA_INVALID: a.csv, row 3: not a number. Mend it.',
      exitCode: 3,
    })
  })

  it('of usage has the suggestion in the same line', () => {
    const error = new CommanderError(
      1,
      '',
      "error: unknown option '--jsno'\n(Did you mean --json?)",
    )
    expect(describeError(error)).toEqual({
      text: "error USAGE: unknown option '--jsno'. Did you mean --json?",
      exitCode: 2,
    })
  })

  it('of usage leads on where Commander does not', () => {
    const said = (code: string, message: string) =>
      describeError(new CommanderError(1, `commander.${code}`, `error: ${message}`)).text
    expect(said('unknownOption', "unknown option '-out'")).toMatch(/'-out'\. Did you mean --out\?$/)
    expect(said('missingArgument', "missing required argument 'run'")).toMatch(
      /'run'\. Add --help to see what there is\.$/,
    )
    expect(said('help', '(outputHelp)')).toMatch(/a command is missing/)
    expect(said('unknownCommand', "unknown command 'runn'\n(Did you mean run?)")).toMatch(/run\?$/)
  })

  it('that nobody foresaw shows its stack and asks for a report', () => {
    const { text, exitCode } = describeError(new TypeError('x is undefined'))
    expect(text).toMatch(
      /^error UNEXPECTED: this is a bug.*\n {2}TypeError: x is undefined\n {6}at /,
    )
    expect(exitCode).toBe(1)
  })

  it('is silent when it is only how help and version end', () => {
    expect(describeError(new CommanderError(0, 'commander.help', '(outputHelp)'))).toEqual({
      text: '',
      exitCode: 0,
    })
  })

  it('has an exit code by the kind of trouble', () => {
    const codes: Readonly<Partial<Record<ErrorCode, number>>> = {
      CONFIG_INVALID: 2,
      MODEL_NOT_FOUND: 3,
      RUN_LOCKED: 4,
      WIRE_CORRUPT: 4,
      FILE_UNWRITABLE: 4,
      LOSS_NOT_FINITE: 5,
      WORKER_DIED: 7,
      MEMORY_EXHAUSTED: 7,
      PROVIDER_UNAVAILABLE: 7,
      PROVIDER_LOST: 7,
    }
    for (const [code, exitCode] of Object.entries(codes)) expect(exitCodeOf(code)).toBe(exitCode)
    expect(exitCodeOf('UNEXPECTED')).toBe(1)
  })

  it('has the exit codes that the documentation lists', () => {
    const page = readFileSync(new URL('../docs/command-line.md', import.meta.url), 'utf8')
    const listed = [...page.matchAll(/^\| ([\d, ]+?) +\| (.*?) +\|$/gm)].map(([, code, text]) => [
      code,
      text,
    ])
    expect(listed).toEqual(exitCodeTexts)
  })
})
