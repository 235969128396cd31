/**
 * From what names a config to a checked one: plain data, a preset's name, a file, or the folder of
 * a run to do again.
 */
import { basename, dirname, resolve } from 'node:path'
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
import { locateName, locateTask, type EngineHost } from '../core/engine/index.ts'
import { runFiles } from '../core/runs/index.ts'
import { listPresets, type Preset } from './presets.ts'

/** A file that was read: the configs that it stands for, its own first. */
export interface ConfigFile {
  readonly inputs: readonly unknown[]
  /**
   * @param overrides `key.path=value`, applied in turn; relative paths among them start from the
   *   working folder
   * @throws HisoError CONFIG_INVALID
   */
  readonly parse: (input: unknown, overrides: readonly string[]) => Promise<RunConfig>
}

export interface ConfigPlace {
  readonly host: Pick<EngineHost, 'files'>
  /** Absolute: what relative paths start from. */
  readonly cwd: string
}

/** The config of a file itself. @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readConfig(
  place: ConfigPlace,
  word: string,
  overrides: readonly string[],
): Promise<RunConfig> {
  const { inputs, parse } = await openConfig(place, word)
  return parse(inputs[0], overrides)
}

/**
 * @param word a preset's name, or a path
 * @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function openConfig(
  { host: { files }, cwd }: ConfigPlace,
  word: string,
): Promise<ConfigFile> {
  const presets = await listPresets(files)
  const path =
    presets.find(({ name }) => name === word)?.path ?? (await findConfig(files, cwd, word, presets))
  const text = new TextDecoder().decode(await files.read(path))
  const locate = await locator(files)
  const inputs: unknown[] = []
  for (const input of configsOf(readConfigText(text, word), word))
    inputs.push(await locate(input, dirname(path)))
  return {
    inputs,
    parse: async (input, overrides) =>
      parseRunConfig(await locate(overrideConfig(input, overrides), cwd), word),
  }
}

/** As `readConfig`, of plain data whose relative paths start from the working folder. */
export async function checkConfig(
  { host: { files }, cwd }: ConfigPlace,
  input: unknown,
  overrides: readonly string[],
): Promise<RunConfig> {
  const locate = await locator(files)
  return parseRunConfig(await locate(overrideConfig(input, overrides), cwd))
}

/** What a client names in place of a config's `task.dataset` or `task.model`, as it would there. */
export async function locateOwn(
  { host: { files }, cwd }: ConfigPlace,
  name: string | undefined,
): Promise<string | undefined> {
  return name && locateName(name, cwd, files, await builtInNames(files))
}

/** Makes the paths of a config absolute, and leaves the names of what is bundled as they are. */
async function locator(files: EngineHost['files']) {
  const isBuiltIn = await builtInNames(files)
  return (input: unknown, folder: string) => locateTask(input, folder, files, isBuiltIn)
}

/** Tells names of bundled datasets, models and templates from paths. */
async function builtInNames(files: EngineHost['files']): Promise<(name: string) => boolean> {
  const datasets = [...(await listBundledDatasets(files)), ...(await listBundledTexts(files))]
  const builtIn = new Set<string>([
    ...datasets.map(({ name }) => name),
    ...(await listTemplates(files)),
    ...builtInModels,
    ...languageModels,
  ])
  return (name) => builtIn.has(name)
}

async function findConfig(
  files: EngineHost['files'],
  cwd: string,
  word: string,
  presets: readonly Preset[],
): Promise<string> {
  if (word === '')
    throw new HisoError('CONFIG_UNREADABLE', {
      what: 'the name of the config is empty',
      remedy: 'Name a preset or a file, for example: hiso run quickstart',
    })
  const path = resolve(cwd, word)
  const kind = await files.kind(path)
  if (kind === 'file') return path
  const inside = files.join(path, runFiles.config)
  if (kind === 'folder' && (await files.kind(inside)) === 'file') return inside
  const names = presets.map(({ name }) => name)
  const near = (await fileLike(files, path, word)) ?? suggestion(word, names)
  throw new HisoError('CONFIG_UNREADABLE', {
    where: word,
    what:
      kind === 'folder'
        ? `this folder holds no ${runFiles.config}`
        : 'this is neither a config file nor a preset',
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Presets are ${names.join(', ')}; hiso init writes a config to start from`,
  })
}

/** The config file beside it that was probably meant, in the words of who named it. */
async function fileLike(
  files: EngineHost['files'],
  path: string,
  word: string,
): Promise<string | undefined> {
  const folder = dirname(path)
  if ((await files.kind(path)) !== undefined || (await files.kind(folder)) !== 'folder') return
  const names = await files.list(folder).catch(() => [])
  const near = suggestion(
    basename(path),
    names.filter((name) => /\.(ya?ml|json)$/i.test(name)),
  )
  return near && word.slice(0, word.length - basename(path).length) + near
}
