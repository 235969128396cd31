/**
 * A few losses of a run's own task, as a name for the machine's arithmetic: workers whose losses
 * have the same bits are of one class, and may work for one run.
 */
import type { Digest } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import { roundSeedOf, type PassSize, type RoundWorker } from '../../federation/index.ts'
import { createMethod, movesVectors } from '../../methods/index.ts'
import { encode } from '../../wire/index.ts'

/** Clients whose minibatches are measured, in one forward pass where the task allows that. */
const probedClients = 4
/** Points in parameter space at which they are. */
const probedPoints = 3

/**
 * @param worker at round 0
 * @param size of a forward pass
 * @returns SHA-256 of what it computed, in hexadecimal
 */
export async function probeWorker(
  worker: RoundWorker,
  { method, federation, seed }: RunConfig,
  { batchesPerCall, pointsPerCall = 1 }: PassSize,
  sha256: () => Digest,
): Promise<string> {
  if (movesVectors(method)) {
    const model = await worker.model()
    const { update, losses } = await worker.train({ model, client: 0 })
    return sha256().update(bytesOf(losses)).update(update).hex()
  }
  const count = Math.min(probedClients, batchesPerCall, federation.clients)
  const clients = Array.from({ length: count }, (_, client) => client)
  const played = createMethod(method, federation.rounds)
  // The first round's own seed: a worker may go on into that round with what it has made.
  const assignment = encode({
    type: 'assignment',
    round: 0,
    localSteps: federation.localSteps,
    seed: roundSeedOf(method, seed, 0),
  })
  const probes = played
    .estimator(0)
    .probes(played.perturbations(0))
    .slice(0, Math.max(1, Math.min(probedPoints, pointsPerCall > 1 ? pointsPerCall : probedPoints)))
  const calls =
    pointsPerCall > 1 ? [{ clients, probes }] : probes.map((it) => ({ clients, probes: [it] }))
  const losses = await worker.losses({ assignment, localStep: 0, calls, replies: [] })
  return sha256().update(bytesOf(losses)).hex()
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)
