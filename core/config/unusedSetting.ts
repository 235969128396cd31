/** Settings that would be left out without a word: no run that is played uses them. */
import { methodTitle } from './methodFacts.ts'
import type { RunConfig } from './runConfig.ts'

type Played = Pick<RunConfig, 'method' | 'network'>

interface IdleSetting {
  readonly path: RegExp
  /** Whether a run uses it. */
  readonly isUsed: (config: Played) => boolean
  readonly why: string
}

/** Settings that count only beside another one. */
const idleSettings: readonly IdleSetting[] = [
  {
    path: /^method\.rank$/,
    isUsed: ({ method }) => 'distribution' in method && method.distribution === 'low-rank',
    why: 'only directions of low rank have a rank: set method.distribution=low-rank, too',
  },
  {
    path: /^devices(\.|$)/,
    isUsed: ({ network }) => network.kind !== 'none',
    why: 'without a network no clock asks how fast devices are: set network.kind=lte, too',
  },
]

/**
 * @param configs that are played; not empty
 * @param override `key.path=value`
 * @returns why the value would do nothing; undefined where it does something
 */
export function explainUnusedSetting(
  configs: readonly Played[],
  override: string,
): string | undefined {
  const path = override.split('=', 1)[0]!.trim()
  const [, setting] = /^method\.(\w+)/.exec(path) ?? []
  if (setting === undefined || configs.some(({ method }) => setting in method))
    return idleSettings.find((idle) => idle.path.test(path) && !configs.some(idle.isUsed))?.why
  const titles = [...new Set(configs.map(({ method }) => methodTitle(method.name)))]
  return `${titles.join(' and ')} ${titles.length === 1 ? 'has' : 'have'} no setting ${setting}`
}
