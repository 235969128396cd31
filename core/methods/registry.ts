/** The composition of every method, by its name: the only place that knows all compositions. */
import { assertNever } from '../base/index.ts'
import {
  methodFacts,
  type MethodName,
  type MethodSettings,
  type ScalarSettings,
  type VectorSettings,
} from '../config/index.ts'
import type { Change } from '../wire/index.ts'
import { conmezo } from './conmezo.ts'
import { decomfl } from './decomfl.ts'
import { decomflImplicit } from './decomflImplicit.ts'
import { fedkseed } from './fedkseed.ts'
import { feedsign } from './feedsign.ts'
import { fzoo } from './fzoo.ts'
import { hiso } from './hiso.ts'
import { hisoImplicit } from './hisoImplicit.ts'
import { hisoParamwise } from './hisoParamwise.ts'
import { hisoShort } from './hisoShort.ts'
import { meerkat } from './meerkat.ts'
import { mezo } from './mezo.ts'
import { composeMethod, type ScalarPieces, type ScalarMethod } from './scalarMethod.ts'
import { sparseMezo } from './sparseMezo.ts'
import {
  composeVectorMethod,
  fedadagrad,
  fedadam,
  fedavg,
  fedavgm,
  fedprox,
  fedyogi,
  fedzo,
  scaffold,
  type VectorMethod,
  type VectorPieces,
} from './vector/index.ts'

type SettingsOf<Name extends MethodName> = Extract<MethodSettings, { name: Name }>

/** The pieces that a method's settings choose. Its name, messages and needs are its facts. */
type Compose<Name extends MethodName> = (
  settings: SettingsOf<Name>,
) => Name extends ScalarSettings['name'] ? ScalarPieces : VectorPieces

const methods: { readonly [Name in MethodName]: Compose<Name> } = {
  hiso,
  'hiso-implicit': hisoImplicit,
  'hiso-paramwise': hisoParamwise,
  'hiso-short': hisoShort,
  decomfl,
  'decomfl-implicit': decomflImplicit,
  mezo,
  fedkseed,
  feedsign,
  fzoo,
  conmezo,
  'sparse-mezo': sparseMezo,
  meerkat,
  fedavg,
  fedprox,
  fedavgm,
  scaffold,
  fedadam,
  fedyogi,
  fedadagrad,
  fedzo,
}

export type Method = ScalarMethod | VectorMethod

/** Whether a method moves whole vectors instead of scalars. */
export function movesVectors(settings: MethodSettings): settings is VectorSettings {
  return methodFacts[settings.name].protocol === 'vector'
}

/** Whether a method asks for true gradients, which the task must then supply. */
export function needsGradient(settings: MethodSettings): boolean {
  return methodFacts[settings.name].gradient === 'true'
}

/** @param rounds R, the length of the cosine schedule */
export function createMethod(settings: ScalarSettings, rounds: number): ScalarMethod
export function createMethod(settings: VectorSettings, rounds: number): VectorMethod
export function createMethod(settings: MethodSettings, rounds: number): Method
export function createMethod(settings: MethodSettings, rounds: number): Method {
  if (movesVectors(settings)) {
    const compose = methods[settings.name] as Compose<VectorSettings['name']>
    return composeVectorMethod(settings, rounds, compose(settings))
  }
  const compose = methods[settings.name] as Compose<ScalarSettings['name']>
  return composeMethod(settings, rounds, compose(settings))
}

/** What a method is made of: its settings, and R, over which schedules are stretched. */
export interface MethodPlan<Settings extends MethodSettings = MethodSettings> {
  readonly settings: Settings
  readonly rounds: number
}

/**
 * A plan after a setting changed during a run; a setting that the method does not have changes
 * nothing.
 */
export function changePlan<Settings extends MethodSettings>(
  { settings, rounds }: MethodPlan<Settings>,
  { setting, value }: Pick<Change, 'setting' | 'value'>,
): MethodPlan<Settings> {
  switch (setting) {
    case 'rounds':
      return { settings, rounds: value }
    case 'learningRate':
      return { settings: { ...settings, learningRate: value }, rounds }
    case 'nu':
      return 'hessian' in settings
        ? { settings: { ...settings, hessian: { ...settings.hessian, nu: value } }, rounds }
        : { settings, rounds }
    default:
      return assertNever(setting)
  }
}
