/** Every method by its name: the only place that knows them all. */
import type { MethodName, MethodSettings, ScalarSettings, VectorSettings } from '../config/index.ts'
import { decomfl } from './decomfl.ts'
import { fedkseed } from './fedkseed.ts'
import { feedsign } from './feedsign.ts'
import { hiso } from './hiso.ts'
import { hisoShort } from './hisoShort.ts'
import { mezo } from './mezo.ts'
import { composeMethod, type Pieces, type ScalarMethod } from './scalarMethod.ts'
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

/** What a method's messages are made of. */
interface ScalarPieces<Name extends MethodName> {
  readonly protocol: 'scalar'
  pieces(settings: SettingsOf<Name>): Pieces
}
interface WholeVectors<Name extends MethodName> {
  readonly protocol: 'vector'
  pieces(settings: SettingsOf<Name>): VectorPieces
}

export type MethodEntry<Name extends MethodName> = {
  /** Where it was published. */
  readonly source: string
} & (Name extends ScalarSettings['name'] ? ScalarPieces<Name> : WholeVectors<Name>)

const scalar = 'scalar'
const vector = 'vector'

export const methods: { readonly [Name in MethodName]: MethodEntry<Name> } = {
  'hiso-short': {
    protocol: scalar,
    source: 'ours, after arXiv 2506.02370',
    pieces: hisoShort,
  },
  fedkseed: { protocol: scalar, source: 'arXiv 2312.06353', pieces: fedkseed },
  feedsign: { protocol: scalar, source: 'arXiv 2501.17610', pieces: feedsign },
  hiso: { protocol: scalar, source: 'arXiv 2506.02370', pieces: hiso },
  decomfl: { protocol: scalar, source: 'arXiv 2405.15861', pieces: decomfl },
  mezo: { protocol: scalar, source: 'arXiv 2305.17333', pieces: mezo },
  fedavg: { protocol: vector, source: 'arXiv 1602.05629', pieces: fedavg },
  fedprox: { protocol: vector, source: 'arXiv 1812.06127', pieces: fedprox },
  fedavgm: { protocol: vector, source: 'arXiv 1909.06335', pieces: fedavgm },
  scaffold: { protocol: vector, source: 'arXiv 1910.06378', pieces: scaffold },
  fedadam: { protocol: vector, source: 'arXiv 2003.00295', pieces: fedadam },
  fedyogi: { protocol: vector, source: 'arXiv 2003.00295', pieces: fedyogi },
  fedadagrad: {
    protocol: vector,
    source: 'arXiv 2003.00295',
    pieces: fedadagrad,
  },
  fedzo: { protocol: vector, source: 'arXiv 2201.09531', pieces: fedzo },
}

export type Method = ScalarMethod | VectorMethod

/** Whether a method moves whole vectors, and not scalars only. */
export function movesVectors(settings: MethodSettings): settings is VectorSettings {
  return methods[settings.name].protocol === 'vector'
}

/** Whether a method asks for true gradients, which the task must then give. */
export function needsGradient(settings: MethodSettings): boolean {
  return movesVectors(settings) && createMethod(settings, 1).gradient.isFirstOrder
}

/** @param rounds R, which the cosine schedule is stretched over */
export function createMethod(settings: ScalarSettings, rounds: number): ScalarMethod
export function createMethod(settings: VectorSettings, rounds: number): VectorMethod
export function createMethod(settings: MethodSettings, rounds: number): Method
export function createMethod(settings: MethodSettings, rounds: number): Method {
  if (movesVectors(settings)) {
    const entry = methods[settings.name] as MethodEntry<VectorSettings['name']>
    return composeVectorMethod(settings, rounds, entry.pieces(settings as never))
  }
  const entry = methods[settings.name] as MethodEntry<ScalarSettings['name']>
  return composeMethod(settings, rounds, entry.pieces(settings as never))
}

/**
 * The settings after one of them was changed during a run; a setting that the method does not have
 * changes nothing.
 */
export function changeMethod<Settings extends MethodSettings>(
  settings: Settings,
  setting: 'learningRate' | 'nu',
  value: number,
): Settings {
  if (setting === 'learningRate') return { ...settings, learningRate: value }
  if (!('hessian' in settings)) return settings
  return { ...settings, hessian: { ...settings.hessian, nu: value } }
}
