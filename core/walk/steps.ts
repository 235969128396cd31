/** All steps of a walk through a round, for one participant. */
import { factsOfTask, type RunConfig } from '../config/index.ts'
import type { RoundRecord } from './recordRound.ts'
import { scalarSteps } from './scalarSteps.ts'
import type { StateChange, WalkedRound } from './sharedSteps.ts'
import { vectorSteps } from './vectorSteps.ts'
import type { WalkStep } from './walkStep.ts'

/** @param client one of the round's participants */
export function stepsOf(
  record: RoundRecord,
  { task, federation, method: settings }: Pick<RunConfig, 'task' | 'federation' | 'method'>,
  client: number,
): WalkStep[] {
  const participant = record.participants.find((it) => it.client === client)
  if (participant === undefined) throw new Error(`client ${client + 1} took no part in this round`)
  const { method } = record
  const walked: WalkedRound = {
    record,
    federation,
    batchSize: factsOfTask(task).hasSamples ? federation.batchSize : undefined,
    pool: 'pool' in settings ? settings.pool : undefined,
    isPrivate: 'privacy' in settings && settings.privacy.kind !== 'none',
    hasHessian: method.protocol === 'scalar' && method.curvature.isFlat !== true,
    summary: changeOf(record),
  }
  return [
    ...(method.protocol === 'scalar'
      ? scalarSteps(walked, method, participant)
      : vectorSteps(walked, method, participant)),
  ]
}

function changeOf({ before, after }: RoundRecord): StateChange {
  let squares = 0
  let sum = 0
  let largest = 0
  for (let j = 0; j < after.params.length; j++) {
    squares += (after.params[j]! - before.params[j]!) ** 2
    sum += after.hessian[j]!
    largest = Math.max(largest, after.hessian[j]!)
  }
  return {
    moved: Math.sqrt(squares),
    meanHessian: sum / after.hessian.length,
    largestHessian: largest,
  }
}
