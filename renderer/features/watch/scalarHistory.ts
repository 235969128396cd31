/**
 * What the engine tells of a run's rounds piece by piece, joined: the newest rounds, as many as a
 * picture can use.
 */
import type { Participation, ScalarSpread } from '../../../core/engine/index.ts'
import type { ParticipationRounds } from '../../../figures/index.ts'

const columns = [
  'round',
  'localStep',
  'perturbation',
  'aggregate',
  'min',
  'max',
  'clients',
] as const

/** Puts a later piece behind an earlier one and drops rounds before `from`. */
export function joinScalars(
  earlier: ScalarSpread | undefined,
  later: ScalarSpread,
  from: number,
): ScalarSpread {
  if (earlier === undefined) return later
  const firstNew = later.round[0] ?? Infinity
  let start = 0
  while (start < earlier.round.length && earlier.round[start]! < from) start++
  let end = earlier.round.length
  while (end > start && earlier.round[end - 1]! >= firstNew) end--
  const joined = columns.map((column) => {
    const kept = earlier[column].subarray(start, end)
    const Column = kept.constructor as new (length: number) => Float32Array | Uint32Array
    const whole = new Column(kept.length + later[column].length)
    whole.set(kept)
    whole.set(later[column], kept.length)
    return [column, whole] as const
  })
  return Object.fromEntries(joined) as unknown as ScalarSpread
}

/**
 * Puts a later piece, which starts at round `at`, behind an earlier one and drops rounds before
 * `from`.
 */
export function joinParticipation(
  earlier: ParticipationRounds | undefined,
  later: Participation,
  at: number,
  from: number,
): ParticipationRounds {
  if (earlier === undefined) return { from: at, ...later }
  const drop = Math.max(0, from - earlier.from)
  const keep = at - earlier.from
  return {
    from: earlier.from + Math.min(drop, keep),
    participants: [...earlier.participants.slice(drop, keep), ...later.participants],
    answering: [...earlier.answering.slice(drop, keep), ...later.answering],
  }
}
