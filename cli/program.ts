/** The commands of `hiso`: their arguments lie in arguments/, what each does in commands/. */
import { Command, type Argument } from 'commander'
import { addData } from './arguments/examineData.ts'
import { addExamination } from './arguments/examineRuns.ts'
import { addStarting } from './arguments/getStarted.ts'
import { addHelp } from './arguments/giveHelp.ts'
import { addPassingOn } from './arguments/passOn.ts'
import { addPlaying } from './arguments/playRuns.ts'
import { addMachines } from './arguments/useMachines.ts'
import { addResults } from './arguments/useResults.ts'
import type { Commands } from './arguments/shared.ts'
import type { CommandContext } from './context.ts'
import { exitCodes, exitCodeTexts } from './exitCodes.ts'
import { warnOfOpenSecret } from './openSecret.ts'

interface Credentials {
  readonly credentials?: string
}

/** In the order of `hiso --help`. */
const groups: readonly ((commands: Commands) => void)[] = [
  addPlaying,
  addResults,
  addExamination,
  addData,
  addMachines,
  addStarting,
  addPassingOn,
  addHelp,
]

/**
 * Parses the arguments and does what they ask.
 * @returns the exit code
 * @throws CommanderError for a command line that makes no sense, and whatever the command throws
 */
export async function runProgram(
  args: readonly string[],
  context: CommandContext,
  version: string,
): Promise<number> {
  let exitCode: number = exitCodes.ok
  const program = createProgram(context, version, (code) => (exitCode = code))
  await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
  return exitCode
}

export function createProgram(
  context: CommandContext,
  version: string,
  finish: Commands['finish'],
): Command {
  const { terminal } = context
  const program = new Command('hiso')
    .description('Scalar-only federated learning: run, resume, verify and compare experiments.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // Errors are reported in one place, with all others.
      writeErr: () => {},
      getOutHasColors: () => terminal.isColoured,
    })
    .configureHelp({
      styleTitle: (title) => terminal.paint('bold', title),
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .helpCommand(false)
    .showSuggestionAfterError()
    .hook('preAction', (_, command) => {
      const takesThem = command.options.some(({ long }) => long === '--credentials')
      const { credentials = process.env['HISO_CREDENTIALS'] } = command.opts<Credentials>()
      if (takesThem) warnOfOpenSecret(context, credentials)
    })
    .addHelpText('after', exitCodeHelp)

  const commands = { program, context, version, finish }
  for (const add of groups) add(commands)
  return program
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '')
  return argument.required ? `<${name}>` : `[${name}]`
}

const exitCodeHelp = `
Exit codes:
${exitCodeTexts.map(([code, meaning]) => `  ${code.padEnd(20)}${meaning}`).join('\n')}

Start with:  hiso quickstart`
