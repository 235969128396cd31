/** Steps of a walk as the scrubber groups them. */
import type { WalkStep } from '../../../core/engine/index.ts'
import { subscriptDigits } from '../../walk/figureText.ts'

/** Steps that belong together on the scrubber. */
export interface StepGroup {
  readonly name: string
  /** Where there is little room. */
  readonly short: string
  readonly from: number
  readonly count: number
}

const placeNames = {
  everyone: 'All',
  server: 'Server',
  client: 'Client',
  down: 'Down',
  up: 'Up',
} as const

export function groupsOf(steps: readonly WalkStep[]): StepGroup[] {
  const groups: StepGroup[] = []
  for (const [index, { place, localStep, perturbation }] of steps.entries()) {
    const [name, short] =
      perturbation !== undefined
        ? [`Direction ${perturbation + 1}`, subscriptDigits(`z${perturbation + 1}`)]
        : localStep !== undefined
          ? [`Step ${localStep + 1}`, subscriptDigits(`k${localStep + 1}`)]
          : [placeNames[place], '']
    const last = groups.at(-1)
    if (last?.name === name) groups[groups.length - 1] = { ...last, count: last.count + 1 }
    else groups.push({ name, short, from: index, count: 1 })
  }
  return groups
}
