/** Commands that help to write commands and configs. */
import { Argument } from 'commander'
import { help } from '../commands/help.ts'
import { schema, schemaNames } from '../commands/schema.ts'
import { candidates, wordsOf } from '../completion/candidates.ts'
import { completionScripts, shells, type Shell } from '../completion/scripts.ts'
import type { Commands } from './shared.ts'

export function addHelp({ program, context, finish }: Commands): void {
  program
    .command('schema')
    .summary('the JSON Schema of a config, a template or a lesson, for editors')
    .description(
      'Prints the JSON Schema (draft 7), or writes it to a file. Editors that know YAML complete and check a config whose first line names it: # yaml-language-server: $schema=./hiso.schema.json',
    )
    .addArgument(new Argument('[form]', 'of what').choices(schemaNames).default('config'))
    .option('--out <file>', 'the file to write')
    .action(async (form: string, options: Parameters<typeof schema>[2]) =>
      finish(await schema(context, form, options)),
    )

  program
    .command('completion')
    .summary('what your shell reads so that Tab completes hiso')
    .description(
      'Prints a script. bash: source <(hiso completion bash); zsh the same, behind compinit; fish: hiso completion fish | source; PowerShell: hiso completion powershell | Out-String | Invoke-Expression',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action((shell: Shell) => context.terminal.write(completionScripts[shell]))

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .option('--line <line>')
    .action((words: string[], { line }: { readonly line?: string }) => {
      const asked = line === undefined ? words : wordsOf(line).slice(1)
      for (const { value, text } of candidates(program, asked, context))
        context.terminal.print(text === undefined ? value : `${value}\t${text}`)
    })

  program
    .command('help')
    .summary('a command, a setting, a method or a word of the glossary')
    .description('Explains a command, a setting such as method.mu, a method or a term.')
    .argument('[topic]', 'settings, methods, glossary, exit-codes, or any name')
    .action(async (topic: string | undefined) => finish(await help(context, program, topic)))
}
