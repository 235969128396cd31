/** How much of their privacy the clients of a run have spent so far. */
import { epsilonSpent } from './accountant.ts'

export class PrivacyBudget {
  readonly #noiseMultiplier: number
  readonly #delta: number
  /** T of each client, uint32[M]. */
  readonly #replies: Uint32Array
  #most = 0

  /** @param clients M */
  constructor(clients: number, noiseMultiplier: number, delta: number) {
    this.#replies = new Uint32Array(clients)
    this.#noiseMultiplier = noiseMultiplier
    this.#delta = delta
  }

  /** Counts one reply of a client. */
  spend(client: number): void {
    const replies = ++this.#replies[client]!
    if (replies > this.#most) this.#most = replies
  }

  /** ε of the client that has replied most often. */
  get epsilon(): number {
    return epsilonSpent(this.#noiseMultiplier, this.#delta, this.#most)
  }
}
