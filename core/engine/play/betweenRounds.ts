/**
 * Requests for a live run's state, answered between two rounds: all replicas hold the same (x, H)
 * then.
 */

interface Question {
  readonly answer: () => Promise<void>
  readonly giveUp: () => void
}

export class BetweenRounds {
  #questions: Question[] = []
  #isOver = false

  get isEmpty(): boolean {
    return this.#questions.length === 0
  }

  /** @returns its answer, or undefined if no round follows */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#isOver) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#questions.push({
        answer: () => question().then(resolve, reject),
        giveUp: () => resolve(undefined),
      })
    })
  }

  /** Call between two rounds. Never throws: a failure goes to the caller of the request. */
  async answer(): Promise<void> {
    for (const question of this.#questions.splice(0)) await question.answer()
  }

  /** After the last round. */
  close(): void {
    this.#isOver = true
    for (const question of this.#questions.splice(0)) question.giveUp()
  }
}
