/**
 * A fair search of settings: every method gets the same candidates and the same rounds, by
 * successive halving. All of it follows from the configs and the settings, so that a search that
 * was cut goes on by planning it again.
 *
 * @see arXiv 1502.07943 (successive halving for hyper-parameters)
 */
import { HisoError } from '../../base/index.ts'
import { overrideConfig, parseRunConfig, type RunConfig } from '../../config/index.ts'

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
  /** Rounds after which candidates are compared, ascending; the last is R. */
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
  const rungs = [
    ...new Set(
      Array.from({ length: halvings + 1 }, (_, k) => Math.ceil(rounds / 2 ** (halvings - k))),
    ),
  ]
  return { rungs, candidates: configs.map((config) => candidatesOf(config, rungs[0]!, settings)) }
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
      const name = `${method.name}-eta${learningRate}${count === undefined ? '' : `-P${count}`}`
      return {
        config: parseRunConfig(overrideConfig(config, overrides)),
        learningRate,
        perturbations: count,
        folder: name,
      }
    }),
  )
}

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)
