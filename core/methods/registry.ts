/** Every method by its name: the only place that knows them all. */
import type { MethodName, MethodSettings } from '../config/index.ts'
import { decomfl } from './decomfl.ts'
import { fedkseed } from './fedkseed.ts'
import { feedsign } from './feedsign.ts'
import { hiso } from './hiso.ts'
import { hisoShort } from './hisoShort.ts'
import { mezo } from './mezo.ts'
import { composeMethod, type Pieces, type ScalarMethod } from './scalarMethod.ts'

export interface MethodEntry<Name extends MethodName> {
  /** What people call it. */
  readonly title: string
  /** Where it was published. */
  readonly source: string
  pieces(settings: Extract<MethodSettings, { name: Name }>): Pieces
}

export const methods: { readonly [Name in MethodName]: MethodEntry<Name> } = {
  hiso: { title: 'HiSo', source: 'arXiv 2506.02370', pieces: hiso },
  decomfl: { title: 'DeComFL', source: 'arXiv 2405.15861', pieces: decomfl },
  mezo: { title: 'MeZO', source: 'arXiv 2305.17333', pieces: mezo },
  'hiso-short': {
    title: 'HiSo, short scalars',
    source: 'ours, after arXiv 2506.02370',
    pieces: hisoShort,
  },
  fedkseed: { title: 'FedKSeed', source: 'arXiv 2312.06353', pieces: fedkseed },
  feedsign: { title: 'FeedSign', source: 'arXiv 2501.17610', pieces: feedsign },
}

export type Method = ScalarMethod

/**
 * @param rounds R, which the cosine schedule is stretched over
 */
export function createMethod(settings: MethodSettings, rounds: number): ScalarMethod {
  const entry = methods[settings.name] as MethodEntry<MethodName>
  return composeMethod(settings, rounds, entry.pieces(settings))
}

/** The settings after one of them was changed during a run; a setting that the method does not have changes nothing. */
export function changeMethod<Settings extends MethodSettings>(
  settings: Settings,
  setting: 'learningRate' | 'nu',
  value: number,
): Settings {
  if (setting === 'learningRate') return { ...settings, learningRate: value }
  if (!('hessian' in settings)) return settings
  return { ...settings, hessian: { ...settings.hessian, nu: value } }
}
