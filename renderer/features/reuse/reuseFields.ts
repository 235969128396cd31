/** The few settings that people change when they run something again, or fork it. */
import {
  checkRunConfig,
  getAt,
  type RunConfig,
  setAt,
  settingHeading,
  settingTextAt,
} from '../../../core/config/index.ts'
import { likelySettings } from '../../config/likelySettings.ts'

export interface ReuseField {
  readonly path: string
  readonly heading: string
  readonly help: string
  readonly value: number
}

/** What a run's log can tell that it changed. */
const forkPaths = ['method.learningRate', 'method.hessian.nu', 'federation.rounds']

export function fieldsFor(kind: 'again' | 'fork', config: RunConfig): ReuseField[] {
  const paths: readonly string[] = kind === 'again' ? likelySettings : forkPaths
  return paths.flatMap((path) => {
    const value = getAt(config, path)
    if (typeof value !== 'number') return []
    const help = settingTextAt(path, config)?.help ?? ''
    return [{ path, heading: settingHeading(path, config), help, value }]
  })
}

/** The values that were typed, by path. */
export type Typed = Readonly<Record<string, unknown>>

export interface CheckedConfig {
  /** Absent where something is wrong. */
  readonly config?: RunConfig
  /** By path. */
  readonly problems: ReadonlyMap<string, string>
}

/** A config with what was typed. */
export function withTyped(config: RunConfig, typed: Typed): CheckedConfig {
  let input: unknown = config
  for (const [path, value] of Object.entries(typed)) input = setAt(input, path, value)
  const result = checkRunConfig(input)
  if ('config' in result) return { config: result.config, problems: new Map() }
  return { problems: new Map(result.issues.map(({ path, message }) => [path, message])) }
}
