/** The state after a log: parameters, and the hash of parameters and Hessian. */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  createReplica,
  replicaCapacity,
  workerNearCapacity,
  type AnyReplica,
  type AnyReplicaPlan,
  type ReplicaPlan,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { messagesOf } from '../../runs/index.ts'
import type { ScalarLog } from '../../wire/index.ts'

/** The progress of applying a log. */
export interface RebuildProgress {
  /** Applied rounds. */
  readonly rounds: number
  readonly totalRounds: number
  /** At the present pace. */
  readonly msLeft: number
}

/** Progress is reported at most this often. */
const progressEveryMs = 100

/**
 * @param tensors the trainables, in the order of x
 * @param initial x_0, float32[d]
 * @param progressed called from time to time
 */
export async function rebuildState(
  config: Pick<RunConfig, 'method' | 'federation'>,
  log: ScalarLog,
  tensors: ReplicaPlan['tensors'],
  initial: Float32Array,
  host: Pick<Host, 'sha256' | 'now' | 'breathe'>,
  progressed: (progress: RebuildProgress) => void = () => {},
): Promise<{ readonly params: Float32Array; readonly stateHash: string }> {
  const replica = openReplica(config, tensors, initial)
  const startedAt = host.now()
  let toldAt = startedAt
  for (const message of messagesOf(log)) {
    replica.apply(message)
    const now = host.now()
    if (replica.rounds === 0 || now - toldAt < progressEveryMs) continue
    toldAt = now
    const { rounds } = replica
    const msLeft = ((now - startedAt) / rounds) * (log.rounds - rounds)
    progressed({ rounds, totalRounds: log.rounds, msLeft })
    await host.breathe()
  }
  return { params: replica.params, stateHash: replica.hash(host.sha256()) }
}

/**
 * A replica of a run before its first round, that keeps no directions.
 * @param tensors the trainables, in the order of x
 * @param initial x_0, float32[d]
 */
export function openReplica(
  { method, federation }: Pick<RunConfig, 'method' | 'federation'>,
  tensors: ReplicaPlan['tensors'],
  initial: Float32Array,
): AnyReplica {
  const { rounds, clients } = federation
  const dim = initial.length
  const plan: AnyReplicaPlan = movesVectors(method)
    ? { protocol: 'vector', dim, method, rounds, clients }
    : { protocol: 'scalar', dim, tensors, method, rounds, keptDirections: 0 }
  const near = workerNearCapacity(plan)
  return createReplica(plan, createKernels(replicaCapacity(plan), 'own', near), initial)
}
