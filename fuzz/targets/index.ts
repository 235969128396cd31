/** All readers under test. A new one is a value in this list. */
import type { Target } from '../target.ts'
import { configTargets } from './configs.ts'
import { hubTargets } from './hub.ts'
import { modelTargets } from './models.ts'
import { runTargets } from './runs.ts'
import { tableTargets } from './tables.ts'

export const targets: readonly Target[] = [
  ...tableTargets,
  ...modelTargets,
  ...runTargets,
  ...configTargets,
  ...hubTargets,
]
