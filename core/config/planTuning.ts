/**
 * A fair search of settings: every method gets the same candidates and the same rounds, by
 * successive halving. All of it follows from the configs and the settings, so that a search that
 * was cut goes on by planning it again.
 *
 * @see arXiv 1502.07943 (successive halving for hyper-parameters)
 */
import { HisoError } from '../base/index.ts'
import { overrideConfig } from './configText.ts'
import { parseRunConfig } from './issues.ts'
import type { RunConfig } from './runConfig.ts'

export interface TuningSettings {
  /** η, each tried with each P. */
  readonly learningRates: readonly number[]
  /** P; left out to keep each config's own. */
  readonly perturbations?: readonly number[]
  /** How often the worse half of the candidates is given up: 2 means rounds R/4, R/2 and R. */
  readonly halvings: number
}

export interface Candidate {
  readonly config: RunConfig
  readonly learningRate: number
  /** Undefined for methods without directions. */
  readonly perturbations: number | undefined
  /** Below the folder of the search. */
  readonly folder: string
}

export interface TuningPlan {
  /**
   * Rounds after which candidates are compared, ascending: multiples of the first, at which runs
   * evaluate, and R.
   */
  readonly rungs: readonly number[]
  /** By config, in its order: ascending P, then η. */
  readonly candidates: readonly (readonly Candidate[])[]
}

/**
 * @param configs one per method, equal in the rounds that they have
 * @throws HisoError CONFIG_INVALID
 */
export function planTuning(configs: readonly RunConfig[], settings: TuningSettings): TuningPlan {
  const { halvings } = settings
  const [rounds, ...others] = new Set(configs.map(({ federation }) => federation.rounds))
  if (rounds === undefined || others.length > 0)
    throw new HisoError('CONFIG_INVALID', {
      where: 'federation.rounds',
      what: `methods are compared after equal rounds, not ${[rounds, ...others].join(' and ')}`,
      remedy: 'Give all of them the same federation.rounds',
    })
  const first = Math.max(1, Math.ceil(rounds / 2 ** halvings))
  const rungs: number[] = []
  for (let rung = first; rung < rounds; rung *= 2) rungs.push(rung)
  rungs.push(rounds)
  const candidates = configs.map((config, index) => {
    const { name } = config.method
    const same = configs.slice(0, index).filter(({ method }) => method.name === name).length
    return candidatesOf(config, same === 0 ? name : `${name}-${same + 1}`, first, settings)
  })
  return { rungs, candidates }
}

/** Times a config's own rate. */
const usualFactors = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16]

/** Rates around what each config says: all methods are tried with the rates of all. */
export function usualRates(configs: readonly RunConfig[]): number[] {
  return ascending(
    configs.flatMap(({ method }) =>
      usualFactors.map((factor) => Number((factor * method.learningRate).toPrecision(6))),
    ),
  )
}

/** How many candidates go on after a rung: the better half, at least one. */
export function survivorsOf(candidates: number): number {
  return Math.max(1, Math.ceil(candidates / 2))
}

/** Rounds that a search plays for one method. */
export function roundsOf(rungs: readonly number[], candidates: number): number {
  let played = 0
  let total = 0
  let left = candidates
  for (const rung of rungs) {
    total += left * (rung - played)
    played = rung
    left = survivorsOf(left)
  }
  return total
}

function candidatesOf(
  config: RunConfig,
  prefix: string,
  firstRung: number,
  { learningRates, perturbations }: TuningSettings,
): Candidate[] {
  const { method } = config
  const own = 'perturbations' in method ? method.perturbations : undefined
  const counts = own === undefined ? [undefined] : ascending(perturbations ?? [own])
  return counts.flatMap((count) =>
    ascending(learningRates).map((learningRate) => {
      const overrides = [
        `method.learningRate=${learningRate}`,
        ...(count === undefined ? [] : [`method.perturbations=${count}`]),
        // Every rung is evaluated; how often that happens changes no other bit.
        `evaluation.every=${firstRung}`,
      ]
      return {
        config: parseRunConfig(overrideConfig(config, overrides)),
        learningRate,
        perturbations: count,
        folder: `${prefix}-eta${learningRate}${count === undefined ? '' : `-P${count}`}`,
      }
    }),
  )
}

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)
