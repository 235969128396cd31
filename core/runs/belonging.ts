/**
 * Whether the files of a run are of one run: config, record and log say some things twice. What
 * does not belong together is RUN_CHANGED, and nothing is made of it.
 */
import { HisoError, type Host } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import { roundSeedOf } from '../federation/index.ts'
import { createMethod, movesVectors } from '../methods/index.ts'
import type { LogMessage, ScalarLog } from '../wire/index.ts'
import { configFingerprint } from './configFingerprint.ts'
import { messagesOf } from './messages.ts'
import { plannedRounds } from './changedConfig.ts'
import type { RunRecord } from './record.ts'
import { runFiles } from './runFiles.ts'

export interface RunParts {
  readonly config: RunConfig
  readonly configText: string
  readonly record: RunRecord
  readonly log: ScalarLog
}

/**
 * @param where the run, for messages
 * @throws HisoError RUN_CHANGED
 */
export function checkBelonging(
  { config, configText, record, log }: RunParts,
  where: string,
  host: Pick<Host, 'sha256'>,
): void {
  const { fingerprints } = record
  if (
    fingerprints.config !== undefined &&
    fingerprints.config !== configFingerprint(configText, host)
  )
    throw changed(
      where,
      `${runFiles.config} is not the one that this run began with (its fingerprint differs)`,
    )
  const rounds = plannedRounds(config, log)
  if (record.status === 'finished' && record.rounds !== rounds)
    throw changed(
      where,
      `${runFiles.record} says that it has finished after ${record.rounds} rounds, and that it was to have ${rounds}`,
    )
  if (log.rounds > rounds)
    throw changed(where, `${runFiles.log} holds ${log.rounds} rounds of a run of ${rounds}`)
  const obstacle = movesVectors(config.method) ? vectorObstacle(record) : scalarObstacle(config)
  for (const message of messagesOf(log)) {
    const differs = obstacle(message)
    if (differs !== undefined)
      throw changed(
        where,
        `${runFiles.log} is not this run's: round ${message.round + 1} ${differs}`,
      )
  }
}

type Obstacle = (message: LogMessage) => string | undefined

function vectorObstacle({ model }: RunRecord): Obstacle {
  return (message) => {
    if (message.type === 'change') return undefined
    if (message.type !== 'vectorEntry') return 'holds scalars, and the method moves vectors'
    // A round that nobody answered may not know d.
    return message.aggregate.length === 0 || message.dim === model.dim
      ? undefined
      : `moves ${message.dim} parameters, and the model has ${model.dim}`
  }
}

function scalarObstacle({ method, federation, seed }: RunConfig): Obstacle {
  if (movesVectors(method)) throw new Error('a vector method has no seeds')
  let built = createMethod(method, federation.rounds)
  return (message) => {
    if (message.type === 'change') {
      if (message.setting === 'rounds') built = createMethod(method, message.value)
      return undefined
    }
    if (message.type !== 'entry') return 'holds vectors, and the method sends scalars'
    if (message.localSteps === 0) return undefined
    if (message.seed !== roundSeedOf(method, seed, message.round)) return 'has another seed'
    if (message.localSteps !== federation.localSteps)
      return `has ${message.localSteps} local steps, and the config says ${federation.localSteps}`
    const { scalarsPerDirection } = built.estimator(message.round)
    const width = built.perturbations(message.round) * scalarsPerDirection
    return message.scalarsPerStep === width
      ? undefined
      : `has ${message.scalarsPerStep} scalars a step, and the config says ${width}`
  }
}

function changed(where: string, what: string): HisoError {
  return new HisoError('RUN_CHANGED', {
    where,
    what,
    remedy: 'Put back the file that belongs to this run, or start a new run',
  })
}
