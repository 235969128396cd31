/**
 * The byte ledger: lengths of the frames that were encoded, per round and direction and per client.
 * The paper's formula stands beside it.
 */

/** Bytes of one round, all participants together. */
export interface RoundBytes {
  readonly uplinkBytes: number
  /** Assignments and catch-up together. */
  readonly downlinkBytes: number
  /** The part of `downlinkBytes` that brings participants up to date. */
  readonly catchUpBytes: number
}

export class Ledger {
  /** Bytes that each client has sent, over all rounds so far; float64[M]. */
  readonly uplinkByClient: Float64Array
  /** Bytes that each client has received, over all rounds so far; float64[M]. */
  readonly downlinkByClient: Float64Array
  #round = { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0 }
  #cumulative = { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0 }

  constructor(clients: number) {
    // Written now; otherwise every client's first bytes in a round would cost a page fault, and a
    // million clients lie on thousands of pages.
    this.uplinkByClient = new Float64Array(clients).fill(0)
    this.downlinkByClient = new Float64Array(clients).fill(0)
  }

  sent(client: number, bytes: number): void {
    this.uplinkByClient[client]! += bytes
    this.#round.uplinkBytes += bytes
  }

  received(client: number, assignmentBytes: number, catchUpBytes: number): void {
    this.downlinkByClient[client]! += assignmentBytes + catchUpBytes
    this.#round.downlinkBytes += assignmentBytes + catchUpBytes
    this.#round.catchUpBytes += catchUpBytes
  }

  /** Ends the round: its bytes, with the totals now including them. */
  closeRound(): RoundBytes {
    const round = this.#round
    this.#cumulative.uplinkBytes += round.uplinkBytes
    this.#cumulative.downlinkBytes += round.downlinkBytes
    this.#cumulative.catchUpBytes += round.catchUpBytes
    this.#round = { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0 }
    return round
  }

  /** Bytes of all closed rounds. */
  get cumulative(): RoundBytes {
    return this.#cumulative
  }
}

/**
 * The paper's own accounting of a round: every participant sends the scalars of its τ local steps
 * and receives as many, 4 bytes each; neither the seed nor catch-up is counted.
 * @param scalarsPerStep P, or 2P with second differences
 */
export function paperBytes(
  participants: number,
  localSteps: number,
  scalarsPerStep: number,
): number {
  return 2 * 4 * participants * localSteps * scalarsPerStep
}

/**
 * The same for a method that moves the model: every participant receives d numbers and sends d
 * numbers, 4 bytes each.
 */
export function vectorPaperBytes(participants: number, dim: number): number {
  return 2 * 4 * participants * dim
}
