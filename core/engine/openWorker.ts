/** Makes a worker from a config, in whatever thread this is called: opens the task, plans the memory, sets up the replica. */
import type { RunConfig } from '../config/index.ts'
import type { SharedSequences } from '../data/index.ts'
import { createWorker, workerCapacity, type WorkerPlan } from '../federation/index.ts'
import { createKernels } from '../kernels/index.ts'
import { createMethod, movesVectors, type TensorShape } from '../methods/index.ts'
import type { EngineHost, OpenedWorker } from './engineHost.ts'
import { openTask } from './task.ts'

/** @param texts a language task's rows of tokens, where another worker has made them already */
export async function openWorker(
  config: RunConfig,
  host: EngineHost,
  texts?: SharedSequences,
): Promise<OpenedWorker> {
  const { objective, ...task } = await openTask(config, host, texts)
  const plan = planWorker(config, objective.dim, task.trainables)
  const kernels = createKernels(workerCapacity(plan))
  return {
    worker: createWorker(plan, objective, kernels, () => host.sha256()),
    report: {
      ...task,
      dim: objective.dim,
      testSamples: objective.testSamples,
      batchesPerCall: objective.batchesPerCall,
      environment: {
        ...host.environment,
        ...(task.provider === undefined ? {} : { provider: task.provider, threads: 1 }),
        ...(task.layout === undefined ? {} : { layout: task.layout }),
        kernels: kernels.name,
      },
    },
  }
}

/** What a worker keeps within a round: as many directions as the budget holds, then as many clients' parameters. */
export function planWorker(
  { method, federation, compute, seed }: RunConfig,
  dim: number,
  tensors: readonly TensorShape[],
): WorkerPlan {
  const { clients, localSteps, participants, rounds } = federation
  if (movesVectors(method))
    return { protocol: 'vector', dim, method, rounds, clients, localSteps, seed }
  const budget = Math.floor((compute.directionMemory * 2 ** 20) / (4 * dim))
  const directions = localSteps * createMethod(method, rounds).perturbations(0)
  const keptDirections = Math.min(directions, budget)
  const keptClients =
    localSteps === 1 ? 0 : Math.max(1, Math.min(participants, budget - keptDirections))
  return { protocol: 'scalar', dim, tensors, method, rounds, keptDirections, keptClients }
}

/** How many workers a run gets, and whether the one that it gets works in the calling thread. */
export function planWorkers(
  config: RunConfig,
  cores: number,
): { readonly count: number; readonly inline: boolean } {
  const { task, federation, compute } = config
  const small =
    task.kind === 'quadratic' && task.dim * stepsOf(config) * federation.participants < 1e6
  if (compute.workers === 'auto')
    return small ? { count: 1, inline: true } : { count: cores, inline: false }
  return { count: compute.workers, inline: small && compute.workers === 1 }
}

/** How many vectors of length d a participant's local step makes, about. */
function stepsOf({ method, federation }: RunConfig): number {
  return Math.max(1, createMethod(method, federation.rounds).perturbations(0))
}
