/**
 * From the word CONFIG on the command line to a checked config: a preset's name, a file, or the
 * folder of a run to do again.
 */
import { dirname, resolve } from 'node:path'
import { HisoError } from '../core/base/index.ts'
import {
  builtInModels,
  configsOf,
  languageModels,
  overrideConfig,
  parseRunConfig,
  readConfigText,
  suggestion,
  type RunConfig,
} from '../core/config/index.ts'
import { listBundledDatasets, listBundledTexts, listTemplates } from '../core/data/index.ts'
import { locateTask } from '../core/engine/index.ts'
import { runFiles } from '../core/runs/index.ts'
import type { CommandContext } from './context.ts'
import { listPresets, type Preset } from './presets.ts'

/** A file that was read: the configs that it stands for, its own first. */
export interface ConfigFile {
  readonly inputs: readonly unknown[]
  /**
   * @param overrides `key.path=value`, applied in turn; relative paths among them start from the
   *   working folder
   * @throws HisoError CONFIG_INVALID
   */
  parse(input: unknown, overrides: readonly string[]): Promise<RunConfig>
}

/** The config of a file itself. @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readConfig(
  context: CommandContext,
  word: string,
  overrides: readonly string[],
): Promise<RunConfig> {
  const { inputs, parse } = await openConfig(context, word)
  return parse(inputs[0], overrides)
}

/**
 * @param word a preset's name, or a path
 * @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function openConfig(
  { host: { files }, cwd }: CommandContext,
  word: string,
): Promise<ConfigFile> {
  const presets = await listPresets(files)
  const path =
    presets.find(({ name }) => name === word)?.path ?? (await findConfig(files, cwd, word, presets))
  const text = new TextDecoder().decode(await files.read(path))
  const datasets = [...(await listBundledDatasets(files)), ...(await listBundledTexts(files))]
  const builtIn = new Set<string>([
    ...datasets.map(({ name }) => name),
    ...(await listTemplates(files)),
    ...builtInModels,
    ...languageModels,
  ])
  const locate = (input: unknown, folder: string) =>
    locateTask(input, folder, files, (name) => builtIn.has(name))
  const inputs: unknown[] = []
  for (const input of configsOf(readConfigText(text, word), word))
    inputs.push(await locate(input, dirname(path)))
  return {
    inputs,
    parse: async (input, overrides) =>
      parseRunConfig(await locate(overrideConfig(input, overrides), cwd), word),
  }
}

async function findConfig(
  files: CommandContext['host']['files'],
  cwd: string,
  word: string,
  presets: readonly Preset[],
): Promise<string> {
  const path = resolve(cwd, word)
  const kind = await files.kind(path)
  if (kind === 'file') return path
  const inside = files.join(path, runFiles.config)
  if (kind === 'folder' && (await files.kind(inside)) === 'file') return inside
  const names = presets.map(({ name }) => name)
  const near = suggestion(word, names)
  throw new HisoError('CONFIG_UNREADABLE', {
    where: word,
    what:
      kind === 'folder'
        ? `this folder holds no ${runFiles.config}`
        : 'this is neither a config file nor a preset',
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Presets are ${names.join(', ')}; hiso init writes a config to start from`,
  })
}
