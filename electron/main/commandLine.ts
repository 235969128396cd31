/** What the command line asks for: `--selftest`, `--library=FOLDER`, files and links to open. */
import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'

export interface CommandLine {
  readonly isSelftest: boolean
  /** Where new runs go, this time. */
  readonly library: string | undefined
  /** Files and folders to open, as full paths. */
  readonly paths: readonly string[]
  /** hiso:// addresses. */
  readonly links: readonly string[]
}

const prefix = '--library='

/**
 * @param argv without the executable
 * @param from where relative paths start
 * @param appFolder named on the command line in development, and not to be opened
 */
export function readCommandLine(
  argv: readonly string[],
  from: string,
  appFolder: string,
): CommandLine {
  const paths = argv
    .filter((argument) => !argument.startsWith('-') && !isLink(argument))
    .map((argument) => (isAbsolute(argument) ? argument : resolve(from, argument)))
    .filter((path) => resolve(path) !== resolve(appFolder) && existsSync(path))
  // Folders may have an equals sign in their names.
  const library = argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length)
  return { isSelftest: argv.includes('--selftest'), library, paths, links: argv.filter(isLink) }
}

export const isLink = (word: string): boolean => word.startsWith('hiso://')
