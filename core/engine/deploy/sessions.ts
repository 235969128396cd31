/**
 * Which process speaks for each client: the last that has joined under its name. A client that was
 * killed and comes back is let in at once, and one that is still there elsewhere is told to end.
 */

/** Of a client: older ones have long ended, or begin anew. */
const mostReplaced = 100

type Seating = 'seated' | 'replaces another' | 'replaced'

export class Sessions {
  readonly #current = new Map<string, string>()
  readonly #replaced = new Map<string, Set<string>>()

  /** What a message of this process means for the client's seat. */
  hear(name: string, session: string): Seating {
    const before = this.#current.get(name)
    if (before === session) return 'seated'
    const replaced = this.#replaced.get(name) ?? new Set()
    if (replaced.has(session)) return 'replaced'
    this.#current.set(name, session)
    if (before === undefined) return 'seated'
    this.#replaced.set(name, replaced.add(before))
    const [oldest] = replaced
    if (replaced.size > mostReplaced) replaced.delete(oldest!)
    return 'replaces another'
  }

  of(name: string): string | undefined {
    return this.#current.get(name)
  }
}
