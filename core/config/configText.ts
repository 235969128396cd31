/** Config files as text: YAML or JSON in, YAML out, and `key.path=value` overrides. */
import { parse, parseDocument, stringify } from 'yaml'
import { HisoError, messageOf } from '../base/index.ts'
import { parseRunConfig } from './issues.ts'
import type { RunConfig } from './runConfig.ts'
import { setValues, type Assignment } from './setValues.ts'

/**
 * Reads YAML or JSON (which is YAML) into plain data.
 * @throws HisoError CONFIG_UNREADABLE with line and column
 */
export function readConfigText(text: string, where: string): unknown {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) {
    const [line] = error.message.split('\n')
    throw new HisoError('CONFIG_UNREADABLE', {
      where,
      what: `this is not valid YAML or JSON: ${line!.replace(/:$/, '')}`,
    })
  }
  return document.toJS() as unknown
}

/**
 * The config after overrides such as `method.learningRate=0.01`; values are YAML.
 * @throws HisoError CONFIG_INVALID
 * @see setValues
 */
export function overrideConfig(input: unknown, overrides: readonly string[]): unknown {
  return setValues(input, overrides.map(readOverride))
}

function readOverride(override: string): Assignment {
  const at = override.indexOf('=')
  const keys = override.slice(0, at).trim().split('.')
  if (at < 1 || keys.includes(''))
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: 'an override has the form key.path=value',
      remedy: 'For example: --set method.learningRate=0.01',
    })
  return { keys, value: readValue(override.slice(at + 1), override), written: `--set ${override}` }
}

/** @throws HisoError CONFIG_UNREADABLE or CONFIG_INVALID */
export function parseConfigText(
  text: string,
  where: string,
  overrides: readonly string[] = [],
): RunConfig {
  return parseRunConfig(overrideConfig(readConfigText(text, where), overrides), where)
}

export function formatConfig(config: RunConfig): string {
  return stringify(config)
}

function readValue(text: string, override: string): unknown {
  try {
    return parse(text) as unknown
  } catch (cause) {
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: `the value is not valid YAML: ${messageOf(cause).split('\n')[0]!}`,
    })
  }
}
