/** Chooses replicas and workers by the plan, which follows from the method. */
import type { Digest } from '../base/index.ts'
import type { Kernels } from '../kernels/index.ts'
import type { Objective } from '../model/index.ts'
import { nearCapacity, Replica, scalarReplicaCapacity, stateCapacity } from './replica.ts'
import type { ReplicaPlan } from './replicaPlan.ts'
import type { AnyReplica } from './replicaWorker.ts'
import { ScalarWorker, scalarWorkerCapacity, type ScalarWorkerPlan } from './scalarWorker.ts'
import { VectorReplica, vectorReplicaCapacity, type VectorReplicaPlan } from './vectorReplica.ts'
import { VectorWorker, vectorWorkerCapacity, type VectorWorkerPlan } from './vectorWorker.ts'
import type { WorkerSlot } from './sharedState.ts'
import type { OwnWorker } from './worker.ts'

export type WorkerPlan = ScalarWorkerPlan | VectorWorkerPlan
/** The part of a worker's plan that its replica depends on. */
export type AnyReplicaPlan =
  | (ReplicaPlan & { readonly protocol: 'scalar' })
  | (VectorReplicaPlan & { readonly protocol: 'vector' })

/** Float32 values that a worker allocates from its kernels' memory. */
export function workerCapacity(plan: WorkerPlan): number {
  return plan.protocol === 'vector' ? vectorWorkerCapacity(plan) : scalarWorkerCapacity(plan)
}

/** What of it lies near: see `Kernels.near`. */
export function workerNearCapacity(plan: AnyReplicaPlan): number {
  return plan.protocol === 'vector' ? 0 : nearCapacity(plan)
}

/** Float32 values that the workers of a run share, besides what each allocates. */
export function sharedCapacity(plan: WorkerPlan): number {
  return plan.protocol === 'scalar' && plan.isShared === true ? stateCapacity(plan) : 0
}

/**
 * @param slot at the state that the plan's replica shares with others, if it does
 * @throws HisoError MODEL_UNSUPPORTED for a method that needs gradients and an objective without
 */
export function createWorker(
  plan: WorkerPlan,
  objective: Objective,
  kernels: Kernels,
  sha256: () => Digest,
  slot?: WorkerSlot,
): OwnWorker {
  return plan.protocol === 'vector'
    ? new VectorWorker(plan, objective, kernels, sha256)
    : new ScalarWorker(plan, objective, kernels, sha256, slot)
}

/** Float32 values that a replica allocates from its kernels' memory. */
export function replicaCapacity(plan: AnyReplicaPlan): number {
  return plan.protocol === 'vector' ? vectorReplicaCapacity(plan) : scalarReplicaCapacity(plan)
}

/** @param initial x_0, float32[d] */
export function createReplica(
  plan: AnyReplicaPlan,
  kernels: Kernels,
  initial: Float32Array,
): AnyReplica {
  return plan.protocol === 'vector'
    ? new VectorReplica(kernels, plan, initial)
    : new Replica(kernels, plan, (out) => out.set(initial))
}
