/**
 * A run's config after the changes that its log holds. `config.yaml` stays as it was at the start,
 * since the first rounds followed from it.
 */
import type { RunConfig } from '../config/index.ts'
import { changePlan } from '../methods/index.ts'
import type { Change, ChangeableSetting, ScalarLog } from '../wire/index.ts'
import { messagesOf } from './messages.ts'

/** Where a config has what may change during a run. */
export const changeablePaths: Readonly<Record<ChangeableSetting, string>> = {
  learningRate: 'method.learningRate',
  nu: 'method.hessian.nu',
  rounds: 'federation.rounds',
}

/** @param upTo as the first rounds of the log say it; all of it if left out */
export function configAt(config: RunConfig, log: ScalarLog, upTo?: number): RunConfig {
  const changes = [...messagesOf(log, upTo)].filter((message) => message.type === 'change')
  return changes.reduce(changedConfig, config)
}

/** How many rounds a run is to have: what its config says, until it was extended. */
export function plannedRounds(config: RunConfig, log: ScalarLog, upTo?: number): number {
  return configAt(config, log, upTo).federation.rounds
}

/** A config with another number of rounds. */
export function withRounds(config: RunConfig, rounds: number): RunConfig {
  return changedConfig(config, { setting: 'rounds', value: rounds })
}

function changedConfig(config: RunConfig, change: Pick<Change, 'setting' | 'value'>): RunConfig {
  const { method, federation } = config
  const plan = changePlan({ settings: method, rounds: federation.rounds }, change)
  return {
    ...config,
    method: plan.settings,
    federation: { ...federation, rounds: plan.rounds },
  }
}
