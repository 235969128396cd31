/** Settings that no run which is played uses: they are said, never left out without a word. */
import type { BundledNames } from './field.ts'
import { checkRunConfig } from './issues.ts'
import { methodFacts, methodTitle } from './methodFacts.ts'
import { getAt, leafPaths, setAt } from './paths.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import { factsAlong } from './schemaWalk.ts'

/** A setting that counts only beside another one. */
interface Dependent {
  readonly path: RegExp
  /** Whether a run uses it. */
  readonly isUsed: (config: RunConfig) => boolean
  readonly why: string
}

const hasLowRank = ({ method }: RunConfig): boolean =>
  'distribution' in method && method.distribution === 'low-rank'

/** The paper's Hessian: only one that differs has a floor. */
const ofThePaper = {
  estimate: 'squared-aggregate',
  shape: 'coordinate',
  biasCorrection: false,
  debias: false,
}

const hasFloor = ({ method }: RunConfig): boolean =>
  'hessian' in method &&
  Object.entries(method.hessian).some(
    ([key, value]) =>
      Object.hasOwn(ofThePaper, key) && value !== ofThePaper[key as keyof typeof ofThePaper],
  )

const lowRankOnly = 'only directions of low rank use it: set method.distribution=low-rank, too'

/** Of the settings of H, all but ν and the warm-up, which moves no parameter whatever H is. */
const learnsHessian = ({ method }: RunConfig): boolean =>
  'hessian' in method &&
  (method.hessian.nu > 0 ||
    ('estimate' in method.hessian && method.hessian.estimate !== ofThePaper.estimate))

const measuresBothSides = ({ method }: RunConfig): boolean =>
  'hessian' in method &&
  'estimate' in method.hessian &&
  method.hessian.estimate === 'second-difference' &&
  !method.hessian.freezeAfterWarmUp

const dependents: readonly Dependent[] = [
  {
    path: /^method\.rank$/,
    isUsed: hasLowRank,
    why: 'only directions of low rank have a rank: set method.distribution=low-rank, too',
  },
  { path: /^compute\.(probesPerPass|passMemory)$/, isUsed: hasLowRank, why: lowRankOnly },
  {
    path: /^method\.hessian\.freezeAfterWarmUp$/,
    isUsed: ({ method }) => 'hessian' in method && method.hessian.warmUp > 0,
    why: 'there is no warm-up to freeze after: set method.hessian.warmUp, too',
  },
  {
    path: /^method\.hessian\.(?!nu$|warmUp$)/,
    isUsed: learnsHessian,
    why: 'the Hessian stays 1: set method.hessian.nu to more than 0, too',
  },
  {
    path: /^method\.hessian\.(update|redraw)$/,
    isUsed: ({ federation }) => federation.localSteps > 1,
    why: 'a round has only one local step: set federation.localSteps, too',
  },
  {
    path: /^method\.hessian\.redraw$/,
    isUsed: ({ method }) => 'hessian' in method && method.hessian.update === 'all',
    why: 'only where all local steps teach the Hessian are directions drawn again: set method.hessian.update=all, too',
  },
  {
    path: /^method\.hessian\.floor$/,
    isUsed: hasFloor,
    why: 'the Hessian of the paper has no floor: change its estimate, shape, bias correction or debias, too',
  },
  {
    path: /^method\.estimator$/,
    isUsed: (config) => !measuresBothSides(config),
    why: 'second differences always measure the loss on both sides',
  },
  {
    path: /^split\./,
    isUsed: ({ federation }) => federation.clients > 1,
    why: 'one client has all samples, however they are dealt',
  },
  {
    path: /^federation\.aggregator\./,
    isUsed: ({ federation }) => federation.participants > 1,
    why: 'a round has only one participant, whose answer is taken as it is',
  },
  {
    path: /^compute\.directionMemory$/,
    isUsed: ({ method }) => methodFacts[method.name].gradient === 'estimated',
    why: 'this method has true gradients and draws no directions',
  },
  {
    path: /^federation\.catchUp$/,
    isUsed: ({ method }) => methodFacts[method.name].protocol === 'scalar',
    why: 'this method sends whole models, which nobody has to catch up with',
  },
  {
    path: /^compute\.mixed$/,
    isUsed: ({ compute }) => compute.cluster !== undefined,
    why: 'no other machine takes part: set compute.cluster, too',
  },
  {
    path: /^devices(\.|$)/,
    isUsed: ({ network }) => network.kind !== 'none',
    why: 'without a network no clock asks how fast devices are: set network.kind=lte, too',
  },
]

/**
 * @param configs that are played; not empty
 * @param override `key.path=value`, or the path alone
 * @returns why the value would do nothing; undefined where it does something
 */
export function whyIdle(
  configs: readonly RunConfig[],
  override: string,
  bundled: BundledNames,
): string | undefined {
  const path = override.split('=', 1)[0]!.trim()
  const setting = settingOfOthers(configs, path)
  if (setting !== undefined) {
    const titles = [...new Set(configs.map(({ method }) => methodTitle(method.name)))]
    return `${titles.join(' and ')} ${titles.length === 1 ? 'has' : 'have'} no setting ${setting}`
  }
  const dependent = dependents.find((it) => it.path.test(path) && !configs.some(it.isUsed))
  return dependent?.why ?? otherUsers(configs, path, bundled)
}

/** The setting of a method that a path names, where none of these methods has it. */
function settingOfOthers(configs: readonly RunConfig[], path: string): string | undefined {
  const [, setting] = /^method\.(\w+)/.exec(path) ?? []
  return configs.some(({ method }) => setting !== undefined && setting in method)
    ? undefined
    : setting
}

/** Whom the schema gives a setting to, where none of the configs belongs to them. */
function otherUsers(
  configs: readonly RunConfig[],
  path: string,
  bundled: BundledNames,
): string | undefined {
  const keys = path.split('.')
  const strangers = configs.map((config) =>
    factsAlong(runConfigSchema, keys, config).find(
      ({ usedBy }) => usedBy?.is(config.task, bundled, config) === false,
    ),
  )
  const first = strangers[0]?.usedBy
  return first === undefined || strangers.includes(undefined)
    ? undefined
    : `it is for ${first.who} only`
}

/**
 * What files hold and no run uses: `split.alpha does nothing here: …`. A value that is the default
 * is not worth a word.
 *
 * @param inputs as they were written, one for each config
 */
export function idleSettings(
  inputs: readonly unknown[],
  configs: readonly RunConfig[],
  bundled: BundledNames,
): readonly string[] {
  const nameGroup = (path: string) => {
    const setting = settingOfOthers(configs, path)
    return setting === undefined ? path : `method.${setting}`
  }
  const paths = new Set(inputs.flatMap((input) => leafPaths(input)).map(nameGroup))
  const isChosen = (path: string) =>
    settingOfOthers(configs, path) === undefined
      ? inputs.some((input) => changesConfig(input, path))
      : // What is left over when another method is chosen was not meant for it.
        inputs.some(
          (input, at) =>
            getAt(input, path) !== undefined &&
            getAt(input, 'method.name') === configs[at]!.method.name,
        )
  return [...paths].flatMap((path) => {
    const why = whyIdle(configs, path, bundled)
    return why === undefined || !isChosen(path) ? [] : [`${path} does nothing here: ${why}`]
  })
}

/** Whether a config is another one without the value. */
function changesConfig(input: unknown, path: string): boolean {
  if (getAt(input, path) === undefined) return false
  const [whole, rest] = [checkRunConfig(input), checkRunConfig(setAt(input, path, undefined))]
  if ('issues' in whole || 'issues' in rest) return true
  return JSON.stringify(whole.config) !== JSON.stringify(rest.config)
}
