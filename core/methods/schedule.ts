/** How a setting changes over the rounds. */
import { assertNever } from '../base/index.ts'
import type { ScheduleSettings } from '../config/index.ts'
import { cos } from '../random/index.ts'

/**
 * The factor of the initial value in a round: constant 1; step factor^⌊r/every⌋; cosine from 1 at
 * the first round to `final` at the last.
 * @param round r, zero-based
 * @param rounds R
 */
export function scheduleFactor(schedule: ScheduleSettings, round: number, rounds: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1
    case 'step': {
      let factor = 1
      for (let step = Math.floor(round / schedule.every); step > 0; step--)
        factor *= schedule.factor
      return factor
    }
    case 'cosine': {
      const progress = rounds > 1 ? Math.min(1, round / (rounds - 1)) : 0
      return schedule.final + ((1 - schedule.final) * (1 + cos(Math.PI * progress))) / 2
    }
    default:
      return assertNever(schedule)
  }
}
