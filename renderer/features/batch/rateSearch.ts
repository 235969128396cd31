/** A search of rates as people write it: methods, rates and numbers of perturbations as lists. */
import { messageOf } from '../../../core/base/index.ts'
import {
  planTuning,
  roundsOf,
  usualRates,
  type RunConfig,
  type TuningPlan,
  type TuningSettings,
} from '../../../core/config/index.ts'
import { parseNumber, splitList } from '../../components/numberText.ts'
import { combinations } from './grid.ts'

export interface SearchText {
  readonly methods: readonly string[]
  /** Empty: around the rates that the configs have. */
  readonly rates: string
  /** Empty: what each method has. */
  readonly perturbations: string
  readonly halvings: number
}

export interface ReadSearch {
  readonly configs: readonly RunConfig[]
  readonly settings: TuningSettings
  readonly plan: TuningPlan
  readonly candidates: number
  readonly rounds: number
}

/** More candidates than this are a mistyped list. */
const mostCandidates = 500

/** @returns the search, or why there is none */
export function readSearch(
  text: SearchText,
  base: RunConfig,
  start: RunConfig,
): ReadSearch | { readonly problem: string } {
  const axis = { id: 0, path: 'method.name', text: text.methods.join(', ') }
  const all = combinations([base], String(base.seed), [axis], start)
  const wrong = all.find(({ problem }) => problem !== undefined)
  if (wrong !== undefined) return { problem: `${nameOf(wrong.values)}: ${wrong.problem}` }
  const configs = all.map(({ config }) => config!)
  const rates = numbersIn(text.rates, 'learning rate', false)
  if ('problem' in rates) return rates
  const counts = numbersIn(text.perturbations, 'number of perturbations', true)
  if ('problem' in counts) return counts
  const settings: TuningSettings = {
    learningRates: rates.values.length > 0 ? rates.values : usualRates(configs),
    ...(counts.values.length > 0 && { perturbations: counts.values }),
    halvings: text.halvings,
  }
  const most = configs.length * settings.learningRates.length * Math.max(1, counts.values.length)
  if (most > mostCandidates)
    return { problem: `${most} candidates are more than ${mostCandidates}.` }
  try {
    const plan = planTuning(configs, settings)
    const candidates = plan.candidates.flat().length
    const rounds = plan.candidates.reduce((sum, own) => sum + roundsOf(plan.rungs, own.length), 0)
    return { configs, settings, plan, candidates, rounds }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

function nameOf(values: readonly { readonly path: string; readonly value: unknown }[]): string {
  return String(values.find(({ path }) => path === 'method.name')?.value)
}

function numbersIn(
  text: string,
  what: string,
  integer: boolean,
): { readonly values: readonly number[] } | { readonly problem: string } {
  const values: number[] = []
  for (const part of splitList(text)) {
    const value = parseNumber(part, { integer })
    if (typeof value !== 'number' || value <= 0 || (integer && !Number.isInteger(value)))
      return { problem: `“${part}” is not a ${what}.` }
    values.push(value)
  }
  return { values }
}

/**
 * Configs whose playing takes as long as the search: one for each method and number P,
 * with the rounds that its candidates come to together.
 */
export function costOf({ plan }: ReadSearch): RunConfig[] {
  return plan.candidates.flatMap((own) => {
    const each = roundsOf(plan.rungs, own.length) / own.length
    const byCount = new Map<number | undefined, (typeof own)[number][]>()
    for (const candidate of own) {
      const same = byCount.get(candidate.perturbations) ?? []
      byCount.set(candidate.perturbations, [...same, candidate])
    }
    return [...byCount.values()].map((same) => {
      const { config } = same[0]!
      const rounds = Math.ceil(each * same.length)
      return { ...config, federation: { ...config.federation, rounds } }
    })
  })
}
