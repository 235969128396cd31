/**
 * A round happens here: the server calls, participants measure losses along shared directions and reply with scalars, the server
 * aggregates, and everybody applies the new entry of the log. No method is known by name.
 */
import { HisoError } from '../base/index.ts'
import type { Probe, ScalarMethod } from '../methods/index.ts'
import { encode, type RoundBytes } from '../wire/index.ts'
import type { Server } from './server.ts'
import type { LossCall } from './worker.ts'
import type { WorkerPool } from './workerPool.ts'

export interface RoundResult {
  /** r, zero-based. */
  readonly round: number
  readonly participants: number
  /** Participants who did not fail to answer. */
  readonly answered: number
  /** Mean over those of the base loss at the start of their first local step; undefined when nobody answered. */
  readonly trainLoss: number | undefined
  readonly bytes: RoundBytes
  /** Minibatch losses that were measured. */
  readonly forwardPasses: number
  /** The frames that the server received, by ascending client. */
  readonly replies: readonly Uint8Array[]
  /** The frame that was appended to the log. */
  readonly entry: Uint8Array
}

export interface RoundParts {
  readonly server: Server
  readonly pool: WorkerPool
  /** The method as it stands in this round. */
  readonly method: ScalarMethod
  /** τ */
  readonly localSteps: number
  /** See `Objective.batchesPerCall`. */
  readonly batchesPerCall: number
}

export async function playRound({
  server,
  pool,
  method,
  localSteps,
  batchesPerCall,
}: RoundParts): Promise<RoundResult> {
  const { round, participants, answering, assignment } = server.call()
  const perturbations = method.perturbations(round)
  const probes = method.estimator.probes(perturbations)
  const clients = [...answering]
  const scalars = clients.map(() => new Float32Array(localSteps * perturbations))
  const replyFrames = (steps: number) =>
    clients.map((client, index) =>
      encode({
        type: 'reply',
        round,
        client,
        perturbations,
        scalars: scalars[index]!.subarray(0, steps * perturbations),
      }),
    )
  let trainLoss: number | undefined
  let forwardPasses = 0

  for (let localStep = 0; clients.length > 0 && localStep < localSteps; localStep++) {
    const measured = localStep === 0 ? withBase(probes) : probes
    const calls =
      localStep === 0 ? groupCalls(clients, measured, batchesPerCall) : soloCalls(clients, measured)
    const replies = localStep === 0 ? [] : replyFrames(localStep)
    const answers = await pool.losses({ assignment, localStep, calls, replies })
    forwardPasses += answers.length
    const losses = sortLosses(calls, answers)
    if (localStep === 0)
      trainLoss = meanOf(clients.map((client) => losses.get(client)!.get('base')!))
    for (const [index, client] of clients.entries()) {
      const own = losses.get(client)!
      const inOrder = probes.map((probe) => own.get(probeKey(probe))!)
      checkFinite(inOrder, round, client)
      scalars[index]!.set(
        method.estimator.scalars(inOrder, perturbations, method.mu),
        localStep * perturbations,
      )
    }
  }

  const replies = replyFrames(localSteps)
  for (const frame of replies) server.receive(frame)
  const { frame: entry, bytes } = server.closeRound()
  await pool.startCatchingUp()
  return {
    round,
    participants: participants.length,
    answered: clients.length,
    trainLoss,
    bytes,
    forwardPasses,
    replies,
    entry,
  }
}

/** At the first local step everybody stands at x_r: one forward pass serves a whole group of clients. */
function groupCalls(
  clients: readonly number[],
  probes: readonly Probe[],
  size: number,
): LossCall[] {
  const groups: number[][] = []
  for (let from = 0; from < clients.length; from += size)
    groups.push(clients.slice(from, from + size))
  return probes.flatMap((probe) => groups.map((group) => ({ clients: group, probe })))
}

/** Later each client stands somewhere else. */
function soloCalls(clients: readonly number[], probes: readonly Probe[]): LossCall[] {
  return clients.flatMap((client) => probes.map((probe) => ({ clients: [client], probe })))
}

/** The probes and, for the reported train loss, the base loss if the estimator does not measure it. */
function withBase(probes: readonly Probe[]): readonly Probe[] {
  return probes.some(({ side }) => side === 'base') ? probes : [{ side: 'base' }, ...probes]
}

function probeKey(probe: Probe): string {
  return probe.side === 'base' ? 'base' : `${probe.side} ${probe.perturbation}`
}

/** Losses by client and probe. */
function sortLosses(
  calls: readonly LossCall[],
  answers: Float64Array,
): Map<number, Map<string, number>> {
  const sorted = new Map<number, Map<string, number>>()
  let next = 0
  for (const { clients, probe } of calls) {
    for (const client of clients) {
      const own = sorted.get(client) ?? new Map<string, number>()
      sorted.set(client, own.set(probeKey(probe), answers[next++]!))
    }
  }
  return sorted
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function checkFinite(losses: readonly number[], round: number, client: number): void {
  const bad = losses.find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new HisoError('LOSS_NOT_FINITE', {
    where: `round ${round + 1}, client ${client + 1}`,
    what: `the loss is ${bad}: the run has diverged`,
    remedy: divergenceRemedy,
  })
}

export const divergenceRemedy =
  'Everything up to the round before is saved. Try a smaller method.learningRate, more method.perturbations or a larger method.hessian.nu'
