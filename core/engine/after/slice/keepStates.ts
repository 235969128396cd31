/** States of a run at some of its rounds, by replay of its log, with each round's directions. */
import type { Host } from '../../../base/index.ts'
import { drawDirections, Replica, roundSeedOf, type AnyReplica } from '../../../federation/index.ts'
import { createKernels } from '../../../kernels/index.ts'
import { movesVectors, type ScalarMethod } from '../../../methods/index.ts'
import { messagesOf, type StoredModel } from '../../../runs/index.ts'
import { openReplica } from '../rebuildState.ts'

export interface KeptState {
  /** Rounds completed. */
  readonly rounds: number
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d]; undefined where directions do not depend on it. */
  readonly hessian: Float32Array | undefined
  /** The method in the round to come; undefined if its clients probe nothing. */
  readonly method: ScalarMethod | undefined
}

type Run = Pick<StoredModel, 'config' | 'record' | 'log'>

/**
 * @param wanted rounds completed, of which the log must hold as many
 * @param initial x_0, float32[d]
 * @param applied called after each round; what it throws ends the replay
 */
export async function keepStates(
  { config, record, log }: Run,
  wanted: ReadonlySet<number>,
  initial: Float32Array,
  host: Pick<Host, 'breathe'>,
  applied: (rounds: number) => void,
): Promise<KeptState[]> {
  const replica = openReplica(config, record.model.trainables, initial)
  const kept: KeptState[] = []
  const keep = () => {
    if (wanted.has(replica.rounds)) kept.push(stateOf(replica))
  }
  for (const message of messagesOf(log)) {
    // Changes come before their round: the state is kept when the round begins.
    if (message.type !== 'change') keep()
    replica.apply(message)
    if (message.type === 'change') continue
    applied(replica.rounds)
    await host.breathe()
  }
  keep()
  return kept
}

function stateOf(replica: AnyReplica): KeptState {
  const method = replica instanceof Replica ? replica.method : undefined
  const hessian = replica.hessian
  return {
    rounds: replica.rounds,
    params: replica.params.slice(),
    hessian: method?.direction.metric(hessian) && hessian.slice(),
    method,
  }
}

/** Directions of a round that are drawn. */
const mostDirections = 4

/**
 * μz of the first directions of the round that begins in this state.
 * @param use called for each with its vector, which the next one overwrites
 */
export function probesOf(
  { config, record }: Run,
  { rounds, params, hessian, method }: KeptState,
  use: (probe: Float32Array) => void,
): void {
  if (method === undefined || movesVectors(config.method)) return
  const dim = params.length
  const kernels = createKernels(6 * (dim + 64))
  const own = kernels.vector(dim)
  if (hessian === undefined) own.fill(1)
  else own.set(hessian)
  const round = {
    seed: roundSeedOf(config.method, config.seed, rounds),
    perturbations: method.perturbations(rounds),
    count: mostDirections,
  }
  drawDirections(kernels, method, own, record.model.trainables, round, (direction) => {
    for (let j = 0; j < dim; j++) direction[j]! *= method.mu
    use(direction)
  })
}
