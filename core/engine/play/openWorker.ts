/**
 * Makes a worker from a config, in the calling thread: opens the task, plans the memory, sets up
 * the replica.
 */
import type { RunConfig } from '../../config/index.ts'
import {
  createSharedState,
  createWorker,
  isPerCoordinate,
  workerCapacity,
  workerNearCapacity,
  type OwnWorker,
  type WorkerPlan,
  type WorkerSlot,
} from '../../federation/index.ts'
import { createKernels } from '../../kernels/index.ts'
import { createMethod, movesVectors, type TensorShape } from '../../methods/index.ts'
import { watchFiles } from '../cluster/fileManifest.ts'
import type { WorkerGroup, EngineHost, OpenedWorker } from '../engineHost.ts'
import { taskOf } from '../../tasks/index.ts'

/** For d ≥ this, the workers of a process share one state and divide its update. */
const leastSharedDim = 2 ** 20

/** @param group see `EngineHost.startWorker` */
export async function openWorker(
  config: RunConfig,
  host: EngineHost,
  group?: WorkerGroup,
): Promise<OpenedWorker & { readonly worker: OwnWorker }> {
  const watched =
    config.compute.cluster !== undefined && group?.first === undefined
      ? watchFiles(host.files)
      : undefined
  const { objective, ...task } = await taskOf(config.task).open(
    config,
    watched === undefined ? host : { ...host, files: watched.files },
    group?.first,
  )
  const isGrouped = objective.grouped !== undefined
  const plan = planWorker(config, objective.dim, task.trainables, group?.workers, isGrouped)
  const slot = group && slotOf(plan, group)
  const reach = slot === undefined ? 'own' : 'any'
  const kernels = createKernels(workerCapacity(plan), reach, workerNearCapacity(plan))
  return {
    worker: createWorker(plan, objective, kernels, () => host.sha256(), slot),
    report: {
      ...task,
      ...(slot && { state: slot.state }),
      ...(watched && { usedPaths: watched.used() }),
      dim: objective.dim,
      testSamples: objective.testSamples,
      batchesPerCall: objective.batchesPerCall,
      pointsPerCall: objective.grouped?.pointsPerCall ?? 1,
      environment: {
        ...host.environment,
        ...(task.provider === undefined ? {} : { provider: task.provider, threads: 1 }),
        ...(task.layout === undefined ? {} : { layout: task.layout }),
        ...(task.pass === undefined ? {} : { pass: task.pass }),
        kernels: kernels.name,
      },
    },
  }
}

function slotOf(plan: WorkerPlan, { workerIndex, first }: WorkerGroup): WorkerSlot | undefined {
  if (plan.protocol === 'vector' || plan.isShared !== true) return undefined
  return { workerIndex, state: first?.state ?? createSharedState(plan) }
}

/**
 * What a worker keeps within a round: its clients' parameters, each of which would cost all of the
 * client's steps so far to rebuild, then as many directions as the budget allows.
 * @param workers of the run, which may update one state together; results do not depend on whether
 *   they do
 * @param isGrouped whether probes are measured together, so that nothing is written out
 */
export function planWorker(
  { method, federation, compute, seed }: RunConfig,
  dim: number,
  tensors: readonly TensorShape[],
  workers = 1,
  isGrouped = false,
): WorkerPlan {
  const { clients, localSteps, participants, rounds } = federation
  if (movesVectors(method))
    return { protocol: 'vector', dim, method, rounds, clients, localSteps, seed }
  const composed = createMethod(method, rounds)
  const keptFactors = localSteps * composed.perturbations(0)
  if (isGrouped)
    return {
      ...{ protocol: 'scalar', dim, tensors, method, rounds, isGrouped, keptFactors },
      ...{ keptDirections: 0, keptClients: 1, isShared: false },
    }
  // With several local steps each worker holds clients' own parameters, and every direction is used
  // by all workers.
  const isShared =
    workers > 1 && dim >= leastSharedDim && localSteps === 1 && isPerCoordinate(composed)
  const memory = compute.directionMemory * 2 ** 20 * (isShared ? workers : 1)
  const budget = Math.floor(memory / (4 * dim))
  const directions = localSteps * composed.perturbations(0)
  const keptClients = localSteps === 1 ? 0 : Math.max(1, Math.min(participants, budget))
  const keptDirections = Math.max(0, Math.min(directions, budget - keptClients))
  return {
    ...{ protocol: 'scalar', dim, tensors, method, rounds, keptFactors },
    ...{ keptDirections, keptClients, isShared },
  }
}

/** How many workers a run gets, and whether a single one works in the calling thread. */
export function planWorkers(
  config: RunConfig,
  cores: number,
): { readonly count: number; readonly inline: boolean } {
  const { task, federation, compute } = config
  const lossSize = taskOf(task).lossSize?.(task) ?? Infinity
  const small = lossSize * stepsOf(config) * federation.participants < 1e6
  if (compute.workers === 'auto')
    return small ? { count: 1, inline: true } : { count: cores, inline: false }
  return { count: compute.workers, inline: small && compute.workers === 1 }
}

/** About how many vectors of length d a participant's local step makes. */
function stepsOf({ method, federation }: RunConfig): number {
  return Math.max(1, createMethod(method, federation.rounds).perturbations(0))
}
