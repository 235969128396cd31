/** Who takes part in a round, who fails to answer, and along which seeds: pure functions of the run's seed and the round. */
import type { FederationSettings } from '../config/index.ts'
import { RandomStream } from '../random/index.ts'

/** The participants C_r, m of M distinct clients, ascending. */
export function participantsOf(
  federation: FederationSettings,
  seed: number,
  round: number,
): Uint32Array {
  return new RandomStream(seed, 'participation', round).sample(
    federation.clients,
    federation.participants,
  )
}

/** Those of the participants who will answer. */
export function answeringOf(
  participants: Uint32Array,
  federation: FederationSettings,
  seed: number,
  round: number,
): Uint32Array {
  if (federation.dropout === 0) return participants
  return participants.filter(
    (client) => new RandomStream(seed, 'dropout', round, client).uniform() >= federation.dropout,
  )
}

/** s_{r,k}, uint32[τ], each one of a pool of K seeds that is the same for the whole run: `seedsOf` where K is finite. */
export function pooledSeedsOf(
  federation: FederationSettings,
  seed: number,
  round: number,
  pool: number,
): Uint32Array {
  const draws = new RandomStream(seed, 'seeds', round)
  return Uint32Array.from({ length: federation.localSteps }, () =>
    // c = 1 keeps the pool apart from the draws.
    new RandomStream(seed, 'seeds', draws.below(pool), 0, 1).uint32(),
  )
}

/** s_{r,k}, uint32[τ] */
export function seedsOf(federation: FederationSettings, seed: number, round: number): Uint32Array {
  const stream = new RandomStream(seed, 'seeds', round)
  return Uint32Array.from({ length: federation.localSteps }, () => stream.uint32())
}
