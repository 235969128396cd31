/** The state that a log leads to: parameters, and the hash of parameters and Hessian. */
import type { Host } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import {
  createReplica,
  replicaCapacity,
  type AnyReplicaPlan,
  type ReplicaPlan,
} from '../federation/index.ts'
import { createKernels } from '../kernels/index.ts'
import { movesVectors } from '../methods/index.ts'
import { messagesOf } from '../runs/index.ts'
import type { ScalarLog } from '../wire/index.ts'

/**
 * @param tensors the trainables, in the order of x
 * @param initial x_0, float32[d]
 */
export function rebuildState(
  { method, federation }: Pick<RunConfig, 'method' | 'federation'>,
  log: ScalarLog,
  tensors: ReplicaPlan['tensors'],
  initial: Float32Array,
  host: Pick<Host, 'sha256'>,
): { readonly params: Float32Array; readonly stateHash: string } {
  const { rounds, clients } = federation
  const dim = initial.length
  const plan: AnyReplicaPlan = movesVectors(method)
    ? { protocol: 'vector', dim, method, rounds, clients }
    : { protocol: 'scalar', dim, tensors, method, rounds, keptDirections: 0 }
  const replica = createReplica(plan, createKernels(replicaCapacity(plan)), initial)
  for (const message of messagesOf(log)) replica.apply(message)
  return { params: replica.params, stateHash: replica.hash(host.sha256()) }
}
