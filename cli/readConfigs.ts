/**
 * The configs that one command plays: one for each of `--methods`, or else what the file names: its
 * own and those of `compare`.
 */
import { HisoError, oneLine } from '../core/base/index.ts'
import { idleSettings, methodNames, suggestion, type RunConfig } from '../core/config/index.ts'
import { bundledImageSets } from '../core/data/index.ts'
import type { CommandContext } from './context.ts'
import { checkOverrides, checkSettings, overridesFor } from './methodOverrides.ts'
import { openConfig } from '../api/readConfig.ts'

export interface ConfigOptions {
  readonly set: readonly string[]
  /** Names with commas between. */
  readonly methods: string | undefined
}

/**
 * Says which settings of the file nothing uses that is played.
 *
 * @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function readConfigs(
  context: CommandContext,
  word: string,
  { set, methods }: ConfigOptions,
): Promise<RunConfig[]> {
  const { inputs: written, parse } = await openConfig(context, word)
  // A method on the command line is the only one to play.
  const inputs = set.some((it) => /^\s*method\.name\s*=/.test(it)) ? written.slice(0, 1) : written
  const configs: RunConfig[] = []
  if (methods !== undefined) {
    const named = parseMethods(methods)
    checkOverrides(named, set)
    for (const method of named)
      configs.push(await parse(inputs[0], [...overridesFor(method, set), `method.name=${method}`]))
  } else {
    const named = inputs.length > 1 ? inputs.map(methodOf) : inputs.map(() => undefined)
    checkOverrides(
      named.filter((name) => name !== undefined),
      set,
    )
    for (const [index, input] of inputs.entries())
      configs.push(await parse(input, overridesFor(named[index], set)))
  }
  await sayIdle(context, inputs, configs, set)
  return configs
}

/** The config that a file itself holds, with the same words. @throws as `readConfigs` */
export async function readOwnConfig(
  context: CommandContext,
  word: string,
  set: readonly string[],
): Promise<RunConfig> {
  const { inputs, parse } = await openConfig(context, word)
  const config = await parse(inputs[0], set)
  await sayIdle(context, inputs.slice(0, 1), [config], set)
  return config
}

async function sayIdle(
  { host, terminal }: CommandContext,
  inputs: readonly unknown[],
  configs: readonly RunConfig[],
  set: readonly string[],
): Promise<void> {
  const bundled = { imageSets: await bundledImageSets(host.files) }
  checkSettings(configs, set, bundled)
  for (const text of idleSettings(inputs, configs, bundled))
    terminal.tell(`  ${terminal.paint('yellow', '!')} ${oneLine(text)}`)
}

function methodOf(input: unknown): string | undefined {
  const name = (input as { readonly method?: { readonly name?: unknown } }).method?.name
  return typeof name === 'string' ? name : undefined
}

function parseMethods(list: string): string[] {
  const names = list.split(',').map((name) => name.trim())
  for (const name of names) {
    if ((methodNames as readonly string[]).includes(name)) continue
    const near = suggestion(name, methodNames)
    throw new HisoError('CONFIG_INVALID', {
      where: `--methods ${list}`,
      what: `"${name}" is not a method`,
      remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Methods are ${methodNames.join(', ')}`,
    })
  }
  return names
}
