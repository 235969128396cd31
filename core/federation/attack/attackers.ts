/**
 * The attackers of a run: who they are, and what the participants of a round send if attackers are
 * among them.
 */
import type { FederationSettings } from '../../config/index.ts'
import { RandomStream } from '../../random/index.ts'
import type { Attack } from './attack.ts'
import { createAttack } from './createAttack.ts'

/**
 * The clients that attack, ascending: `share` of all, rounded to whole clients; the same in every
 * round.
 */
export function attackersOf({ clients, attack }: FederationSettings, seed: number): Uint32Array {
  if (attack.kind === 'none') return new Uint32Array()
  return new RandomStream(seed, 'attackers').sample(clients, Math.round(attack.share * clients))
}

export class Attackers {
  readonly #seed: number
  readonly #attack: Attack | undefined
  readonly #clients: ReadonlySet<number>

  constructor(federation: FederationSettings, seed: number) {
    const { attack } = federation
    this.#seed = seed
    this.#attack = attack.kind === 'none' ? undefined : createAttack(attack)
    this.#clients = new Set(attackersOf(federation, seed))
  }

  /**
   * @param clients those who answer, ascending
   * @param rows the honest row of each, float32[n]: scalars, or any other vector
   * @param part which vector of a reply the rows are
   * @returns the rows, with those of attackers replaced
   */
  forge(
    round: number,
    clients: readonly number[],
    rows: readonly Float32Array[],
    part = 0,
  ): readonly Float32Array[] {
    const attackers = [...clients.keys()].filter((row) => this.#clients.has(clients[row]!))
    if (this.#attack === undefined || attackers.length === 0) return rows
    const streamOf = (row: number) =>
      new RandomStream(this.#seed, 'attack', round, clients[row], part)
    const forged = this.#attack.forge({ rows, attackers, streamOf })
    return rows.map((row, index) => forged[attackers.indexOf(index)] ?? row)
  }
}
