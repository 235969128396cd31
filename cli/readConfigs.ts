/** The configs that one command plays: the config's own method, or one for each of `--methods`. */
import { HisoError } from '../core/base/index.ts'
import { methodNames, suggestion, type RunConfig } from '../core/config/index.ts'
import type { CommandContext } from './context.ts'
import { checkOverrides, checkSettings, overridesFor } from './methodOverrides.ts'
import { readConfig } from './readConfig.ts'

export interface ConfigOptions {
  readonly set: readonly string[]
  /** Names with commas between. */
  readonly methods: string | undefined
}

/** @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readConfigs(
  context: CommandContext,
  word: string,
  { set, methods }: ConfigOptions,
): Promise<RunConfig[]> {
  const named = methods === undefined ? [] : parseMethods(methods)
  checkOverrides(named, set)
  const configs: RunConfig[] = []
  for (const method of methods === undefined ? [undefined] : named)
    configs.push(
      await readConfig(
        context,
        word,
        method === undefined
          ? overridesFor(undefined, set)
          : [...overridesFor(method, set), `method.name=${method}`],
      ),
    )
  checkSettings(configs, set)
  return configs
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
