/**
 * `hiso help TOPIC`: a command, a setting, a method or a word of the glossary, from the same places
 * that the form and the docs take them.
 */
import type { Command } from 'commander'
import { HisoError } from '../../core/base/index.ts'
import {
  allSettings,
  factsOfMethod,
  glossary,
  methodNames,
  methodSource,
  suggestion,
  type GlossaryEntry,
  type Setting,
} from '../../core/config/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes, exitCodeTexts } from '../exitCodes.ts'

/** Topics that list what there is. */
export const helpTopics = ['settings', 'methods', 'glossary', 'exit-codes'] as const

export async function help(
  { terminal, invocation }: CommandContext,
  program: Command,
  topic: string | undefined,
): Promise<number> {
  if (topic === undefined) {
    terminal.write(program.helpInformation())
    terminal.print(
      `\nTopics:\n  ${invocation} help ${helpTopics.join(' | ')}, a command, a setting such as method.mu, a method, or a word of the glossary`,
    )
    return exitCodes.ok
  }
  const text = textOf(program, topic)
  if (text === undefined) throw unknown(program, topic)
  terminal.write(`${text}\n`)
  return exitCodes.ok
}

function textOf(program: Command, topic: string): string | undefined {
  switch (topic) {
    case 'settings':
      return table(allSettings().map(({ path, text }) => [path, text?.label ?? '']))
    case 'methods':
      return table(methodNames.map((name) => [name, factsOfMethod(name)!.summary]))
    case 'glossary':
      return table(glossary.map(({ term, symbol = '', meaning }) => [term, symbol, meaning]))
    case 'exit-codes':
      return table(exitCodeTexts)
  }
  const command = program.commands.find((own) => own.name() === topic)
  if (command !== undefined) return command.helpInformation().trimEnd()
  const setting = allSettings().find(({ path }) => path === topic)
  if (setting !== undefined) return settingText(setting)
  const facts = methodNames.find((name) => name === topic)
  if (facts !== undefined) return methodText(facts)
  const words = glossary.filter(({ term, symbol, code }) =>
    [term, symbol, ...(code?.split(', ') ?? [])].includes(topic),
  )
  return words.length === 0 ? undefined : words.map(entryText).join('\n\n')
}

function settingText({ path, text, values }: Setting): string {
  const { label = path, symbol, unit, help: meaning = '' } = text ?? {}
  return [
    `${path}: ${label}${symbol === undefined ? '' : ` (${symbol})`}${unit === undefined ? '' : ` [${unit}]`}`,
    ...(meaning === '' ? [] : [`  ${meaning}`]),
    ...(values.length === 0 ? [] : [`  One of ${values.join(', ')}`]),
  ].join('\n')
}

function methodText(name: (typeof methodNames)[number]): string {
  const facts = factsOfMethod(name)!
  const sends =
    facts.protocol === 'scalar' ? 'a few scalars per step' : 'vectors as long as the model'
  return [
    `${name}: ${facts.title} (${methodSource(facts)})`,
    `  ${facts.summary}`,
    `  Clients send ${sends}.`,
  ].join('\n')
}

function entryText({ term, symbol, unit, meaning, formula }: GlossaryEntry): string {
  return [
    `${term}${symbol === undefined ? '' : ` (${symbol})`}${unit === undefined ? '' : ` [${unit}]`}`,
    `  ${meaning}`,
    ...(formula === undefined ? [] : [`  ${formula}`]),
  ].join('\n')
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  return rows
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')}`.trimEnd())
    .join('\n')
}

function unknown(program: Command, topic: string): HisoError {
  const known = [
    ...helpTopics,
    ...program.commands.map((own) => own.name()),
    ...allSettings().map(({ path }) => path),
    ...methodNames,
    ...glossary.map(({ term }) => term),
  ]
  const near = suggestion(topic, known)
  return new HisoError('CONFIG_INVALID', {
    where: topic,
    what: 'there is no help on it',
    remedy: near === undefined ? 'hiso help lists the topics' : `Did you mean ${near}?`,
  })
}
