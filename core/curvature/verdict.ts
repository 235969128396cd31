/** Whether the learned H tracks the Hessian, in words, with the criterion that decided. */
import type { Estimate } from './diagonal.ts'

type VerdictKind = 'not-learned' | 'nothing-to-track' | 'unsure' | 'none' | 'weak' | 'clear'

export interface Verdict {
  readonly kind: VerdictKind
  readonly sentence: string
  readonly criterion: string
}

export interface Evidence {
  /** Relative spread of the learned H; 0 if it has never changed, or is the same everywhere. */
  readonly learnedSpread: number
  /** Relative spread of the true diagonal. */
  readonly trueSpread: number
  /** Rank correlation between the two. */
  readonly rank: Estimate
  /**
   * The rank correlation of a perfect H with this estimate of the truth; 1 if the truth is exact.
   */
  readonly ceiling: number
}

/** Below this a correlation says nothing about single coordinates, however certain it is. */
const least = 0.1
/** From this value on most coordinates are in the right order. */
const clear = 0.5
/** An estimate of the truth that cannot show more than this decides nothing. */
const leastCeiling = 0.3
/** Smaller relative spreads are rounding. */
const flat = 1e-3

export function judge({ learnedSpread, trueSpread, rank, ceiling }: Evidence): Verdict {
  if (learnedSpread === 0)
    return {
      kind: 'not-learned',
      sentence: 'There is no H to judge here: it is the same for every parameter.',
      criterion: 'the learned H has no spread',
    }
  if (trueSpread < flat)
    return {
      kind: 'nothing-to-track',
      sentence:
        'The true diagonal is the same for every parameter, so there is nothing for H to track.',
      criterion: `relative spread of the true diagonal below ${flat}`,
    }
  if (ceiling < leastCeiling)
    return {
      kind: 'unsure',
      sentence: 'The true diagonal is too uncertain to judge H by: use more probes.',
      criterion: `two halves of the probes agree so little that even a perfect H would show a rank correlation of only ${ceiling.toFixed(2)} (< ${leastCeiling})`,
    }
  // Spearman's correction for attenuation: restores what noise in the truth has taken away.
  const value = rank.value / ceiling
  const error = rank.error / ceiling
  const threshold = Math.max(least, 2 * error)
  const against = ceiling < 1 ? ', corrected for the uncertainty of the truth,' : ''
  const said = `rank correlation${against} ${signed(value)} ± ${error.toFixed(3)}`
  if (value < threshold)
    return {
      kind: 'none',
      sentence: 'H does not track the Hessian here.',
      criterion: `${said}: within two standard errors of 0, or below ${least}`,
    }
  if (value < clear)
    return {
      kind: 'weak',
      sentence: 'H tracks the Hessian weakly here.',
      criterion: `${said}: above ${least} and two standard errors, below ${clear}`,
    }
  return {
    kind: 'clear',
    sentence: 'H clearly tracks the Hessian here.',
    criterion: `${said}: ${clear} or more`,
  }
}

function signed(value: number): string {
  return value.toFixed(3).replace('-', '−')
}

/**
 * √ of the reliability of an estimate whose halves correlate by `halves` (Spearman and Brown).
 * @see Spearman, "Correlation calculated from faulty data", 1910
 */
export function ceilingOf(halves: number): number {
  return halves > 0 ? Math.sqrt((2 * halves) / (1 + halves)) : 0
}
