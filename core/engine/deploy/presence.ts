/**
 * Which clients of a federation are there, as far as a server can tell: those that were heard of
 * lately. No question asked in each round goes through all of them.
 */

/** Of a federation of up to a thousand clients; more say hello less often. */
const leastHelloMs = 2000
const helloMsPerClient = 2
/** A client that has not said so many hellos is not there. */
const missedHellos = 3.25

/** How often each client says that it is there: all together at most 500 times a second. */
export function helloEveryMs(clients: number): number {
  return Math.max(leastHelloMs, helloMsPerClient * clients)
}

export interface Client {
  readonly name: string
  readonly index: number
  /** When it was last heard of. */
  heardAt: number
  /** Rounds of the log that it knows. */
  known: number
  summonedAt: number
  answeredRound?: number
  /** Of its refused messages, that people were told of. */
  notices: number
}

export class Presence {
  readonly #now: () => number
  readonly #silenceMs: number
  readonly #byName = new Map<string, Client>()
  readonly #byIndex = new Map<number, Client>()
  readonly #here = new Set<Client>()
  #sorted: readonly number[] | undefined

  constructor(clients: number, now: () => number) {
    this.#silenceMs = missedHellos * helloEveryMs(clients)
    this.#now = now
  }

  /** All that were ever heard of. */
  get all(): Iterable<Client> {
    return this.#byName.values()
  }

  /** Indices of those that are there, ascending. */
  get here(): readonly number[] {
    this.#sorted ??= Array.from(this.#here, ({ index }) => index).sort((a, b) => a - b)
    return this.#sorted
  }

  named(name: string): Client | undefined {
    return this.#byName.get(name)
  }

  at(index: number): Client {
    const client = this.#byIndex.get(index)
    if (client === undefined) throw new Error(`client ${index + 1} has never been there`)
    return client
  }

  isHere(client: Client): boolean {
    return this.#here.has(client)
  }

  /** A client of this name says something for the first time. It is not there yet. */
  meet(name: string, index: number): Client {
    const never = { heardAt: -Infinity, summonedAt: -Infinity }
    const client: Client = { name, index, known: 0, notices: 0, ...never }
    this.#byName.set(name, client)
    this.#byIndex.set(index, client)
    return client
  }

  /** @returns whether it has come just now */
  hear(client: Client): boolean {
    client.heardAt = this.#now()
    if (this.#here.has(client)) return false
    this.#here.add(client)
    this.#sorted = undefined
    return true
  }

  /** @returns whether it was there */
  leave(client: Client): boolean {
    this.#sorted = undefined
    return this.#here.delete(client)
  }

  /** Takes note of those who have fallen silent. @returns them */
  look(): readonly Client[] {
    const now = this.#now()
    const silent = [...this.#here].filter(({ heardAt }) => now - heardAt >= this.#silenceMs)
    for (const client of silent) this.leave(client)
    return silent
  }
}
