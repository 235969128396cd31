/**
 * Who takes part in a round, who fails to answer, and along which seed: pure functions of the run's
 * seed and the round.
 */
import type { FederationSettings, ScalarSettings } from '../config/index.ts'
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

/** s_r, uint32, the seed of a round's directions: any, or one of a pool of K for the whole run. */
export function roundSeedOf(method: ScalarSettings, seed: number, round: number): number {
  const draw = new RandomStream(seed, 'seeds', round)
  if (!('pool' in method)) return draw.uint32()
  // c = 1 keeps the pool apart from the draws.
  return new RandomStream(seed, 'seeds', draw.below(method.pool), 0, 1).uint32()
}
