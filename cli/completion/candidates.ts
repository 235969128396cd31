/** What may stand at the end of a command line that begins so. */
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command, Option } from 'commander'
import { allSettings, methodNames, methodTitle } from '../../core/config/index.ts'
import { defaultLibrary, type CommandContext } from '../context.ts'
import { helpTopics } from '../commands/help.ts'

export interface Candidate {
  readonly value: string
  readonly text?: string
}

/** @param words behind `hiso`; the last is the one to complete, and may be empty */
export function candidates(
  program: Command,
  words: readonly string[],
  context: CommandContext,
): Candidate[] {
  const current = words.at(-1) ?? ''
  return allAt(program, words.slice(0, -1), current, context).filter(({ value }) =>
    value.startsWith(current),
  )
}

function allAt(
  program: Command,
  before: readonly string[],
  current: string,
  context: CommandContext,
): Candidate[] {
  const [name, ...rest] = before
  if (name === undefined)
    return current.startsWith('-')
      ? optionsOf(program)
      : program
          .createHelp()
          .visibleCommands(program)
          .map((own) => ({ value: own.name(), text: own.summary() }))
  const command = program.commands.find((own) => own.name() === name)
  if (command === undefined) return []
  const asked = optionBefore(command, rest)
  if (asked !== undefined) return valuesOf(asked, current, context)
  const inline = command.options.find(({ long }) => current.startsWith(`${long}=`))
  if (inline !== undefined) {
    const start = `${inline.long}=`
    return valuesOf(inline, current.slice(start.length), context).map((candidate) => ({
      ...candidate,
      value: start + candidate.value,
    }))
  }
  if (current.startsWith('-')) return optionsOf(command)
  return argumentsOf(command, rest, current, context)
}

const takesValue = ({ required, optional }: Option) => required || optional

/** The option that the word before waits for a value of. */
function optionBefore(command: Command, words: readonly string[]): Option | undefined {
  const last = words.at(-1)
  return command.options.find((option) => takesValue(option) && option.long === last)
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ value: long, text: description }],
    )
}

function valuesOf(option: Option, current: string, context: CommandContext): Candidate[] {
  if (option.argChoices !== undefined) return option.argChoices.map((value) => ({ value }))
  switch (option.long) {
    case '--set':
      return settings(current)
    case '--sweep':
    case '--group-by':
      return allSettings().map(({ path, text }) => ({ value: path, ...label(text?.label) }))
    case '--methods': {
      const start = current.slice(0, current.lastIndexOf(',') + 1)
      return methodNames.map((name) => ({ value: start + name, text: methodTitle(name) }))
    }
    case '--log':
      return [{ value: 'tensorboard:' }]
    case '--base':
      return runs(current, context)
    default:
      return []
  }
}

const label = (text: string | undefined) => (text === undefined ? {} : { text })

/** Keys while a key is typed, its values behind the sign. */
function settings(current: string): Candidate[] {
  const at = current.indexOf('=')
  if (at < 0)
    return allSettings().map(({ path, text }) => ({ value: `${path}=`, ...label(text?.label) }))
  const own = allSettings().find(({ path }) => path === current.slice(0, at))
  return (own?.values ?? []).map((value) => ({ value: `${own!.path}=${value}` }))
}

function argumentsOf(
  command: Command,
  words: readonly string[],
  current: string,
  context: CommandContext,
): Candidate[] {
  const given = words.filter(
    (word, at) => !word.startsWith('-') && optionBefore(command, words.slice(0, at)) === undefined,
  ).length
  const own = command.registeredArguments
  const argument = own[Math.min(given, own.length - 1)]
  if (argument === undefined || (given >= own.length && !argument.variadic)) return []
  if (argument.argChoices !== undefined) return argument.argChoices.map((value) => ({ value }))
  switch (argument.name()) {
    case 'config':
      return [...presets(context), ...configFiles(current, context), ...runs(current, context)]
    case 'run':
    case 'runs':
      return runs(current, context)
    case 'topic':
      return [
        ...helpTopics.map((value) => ({ value })),
        ...(command.parent?.commands ?? []).map((other) => ({
          value: other.name(),
          text: other.summary(),
        })),
      ]
    default:
      return []
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function presets({ host }: CommandContext): Candidate[] {
  return namesIn(join(host.files.resources, 'presets')).map((name) => ({
    value: name.replace(/\.yaml$/, ''),
    text: 'preset',
  }))
}

function configFiles(current: string, { cwd }: CommandContext): Candidate[] {
  const folder = current.includes('/') ? `${dirname(current)}/` : ''
  return namesIn(resolve(cwd, folder))
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name) => ({ value: folder + name, text: 'config' }))
}

/** Folders of runs: those in runs/ and one level down, or where the typed path leads. */
function runs(current: string, { cwd }: CommandContext): Candidate[] {
  const folder = current.includes('/') ? dirname(current) : defaultLibrary
  const isRun = (path: string) => namesIn(resolve(cwd, path)).includes('run.json')
  return namesIn(resolve(cwd, folder))
    .map((name) => `${folder}/${name}`)
    .flatMap((path) =>
      isRun(path)
        ? path
        : namesIn(resolve(cwd, path))
            .map((name) => `${path}/${name}`)
            .filter(isRun),
    )
    .map((value) => ({ value, text: 'run' }))
}

/**
 * Words as a shell would see them: quotes hold them together, a backslash takes a letter as it is.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = ['']
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]!
    if (quote !== '') {
      if (letter === quote) quote = ''
      else words[words.length - 1] += letter
    } else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '\\' && at + 1 < line.length) words[words.length - 1] += line[++at]!
    else if (/\s/.test(letter)) {
      if (words.at(-1) !== '') words.push('')
    } else words[words.length - 1] += letter
  }
  return words
}
