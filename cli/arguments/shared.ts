/** Arguments, options and texts that several commands have in common. */
import { type Command, Option } from 'commander'
import type { CommandContext } from '../context.ts'

/** The program that commands are added to, and what they act with. */
export interface Commands {
  readonly program: Command
  readonly context: CommandContext
  readonly version: string
  /** Takes the exit code. */
  readonly finish: (exitCode: number) => void
}

export const configHelp = 'a preset, a YAML or JSON file, or the folder of a run to do again'
export const partialHelp = 'take what is there of a run that has lost rounds'
export const runHelp = 'the folder of a run'
export const brokerHelp = 'where the message broker is, e.g. nats://lab-server or tls://lab-server'

export function scaleOption(flags: string, of: string): Option {
  return new Option(flags, of).choices(['linear', 'log']).default('linear')
}

export function credentialsOption(): Option {
  return new Option(
    '--credentials <file>',
    'the file with what the broker asks for; if left out, HISO_CREDENTIALS',
  )
}

export function setOption(more = ''): Option {
  return new Option(
    '--set <key.path=value>',
    `change a value of the config; may be repeated${more}`,
  )
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value])
}
