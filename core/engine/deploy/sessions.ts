/**
 * Which process speaks for each client: the last that has joined under its name. A client that was
 * killed and comes back is let in at once, and one that is still there elsewhere is told to end.
 */

import type { ServerMessage } from './messages.ts'

/** Of a client: older ones have long ended, or begin anew. */
const mostReplaced = 100

interface Seating {
  readonly isSeated: boolean
  /** The process that has to end. */
  readonly replaced?: string
}

export class Sessions {
  readonly #current = new Map<string, string>()
  readonly #replaced = new Map<string, Set<string>>()

  /** What a message of this process means for the client's seat. */
  hear(name: string, session: string): Seating {
    const before = this.#current.get(name)
    if (before === session) return { isSeated: true }
    const earlier = this.#replaced.get(name) ?? new Set()
    if (earlier.has(session)) return { isSeated: false, replaced: session }
    this.#current.set(name, session)
    if (before === undefined) return { isSeated: true }
    this.#replaced.set(name, earlier.add(before))
    const [oldest] = earlier
    if (earlier.size > mostReplaced) earlier.delete(oldest!)
    return { isSeated: true, replaced: before }
  }
}

/** For the process that was replaced, and for no other. */
export function refusalOf(name: string, session: string): ServerMessage {
  const reason = `another process has joined as ${name} and takes part in place of this one: for two clients, give each its own --client`
  return { type: 'refusal', reason, isFinal: true, session }
}
