/**
 * States of a run in the machine's cache, so that a walk's first click need not replay the run from
 * its start. Never a part of the run: a state counts only for the prefix of the log whose hash it
 * bears, and one that is missing, damaged or of another run is made again.
 */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import type { ReplicaSnapshot } from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import type { RunRecord } from '../../runs/index.ts'
import { decodeData, encodeData, type ScalarLog } from '../../wire/index.ts'

type TrailHost = Pick<Host, 'states' | 'sha256'>

/** Of one run, in bytes. */
export const storedTrailBytes = 64 * 2 ** 20

/** Hexadecimal SHA-256. */
const hashLength = 64

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Forgets the states of a run that is gone. */
export function forgetStates(host: TrailHost, folder: string): Promise<void> {
  return host.states.forget(prefixOf(host, folder))
}

export class StoredTrail {
  readonly #host: TrailHost
  readonly #prefix: string
  /** What else than the log a state follows from. */
  readonly #origin: string

  private constructor(host: TrailHost, folder: string, origin: string) {
    this.#host = host
    this.#prefix = prefixOf(host, folder)
    this.#origin = origin
  }

  /** @returns undefined where the log itself is as long as the states */
  static of(
    host: TrailHost,
    folder: string,
    { config, record }: { readonly config: RunConfig; readonly record: RunRecord },
  ): StoredTrail | undefined {
    if (movesVectors(config.method)) return undefined
    const { fingerprints, model } = record
    const origin = hashOf(host, encoder.encode(JSON.stringify([fingerprints, model])))
    return new StoredTrail(host, folder, origin)
  }

  /** The latest state after more than `after` rounds, and up to `round`. */
  async latest(log: ScalarLog, round: number, after: number): Promise<ReplicaSnapshot | undefined> {
    const names = await this.#host.states.names(this.#prefix)
    const found = names
      .map((name) => Number(name.slice(this.#prefix.length)))
      .filter((rounds) => rounds > after && rounds <= round)
      .sort((a, b) => b - a)
    for (const rounds of found) {
      const snapshot = await this.#read(log, rounds)
      if (snapshot !== undefined) return snapshot
      // Of another run that had the folder, or damaged: it would be read in vain again.
      await this.#host.states.forget(this.#nameOf(rounds))
    }
    return undefined
  }

  /** @param log has the rounds of the snapshot, or more */
  async keep(snapshot: ReplicaSnapshot, log: ScalarLog): Promise<void> {
    const { rounds } = snapshot
    const content = encodeData({
      ...snapshot,
      origin: this.#origin,
      log: this.#logHash(log, rounds),
    })
    const bytes = new Uint8Array(hashLength + content.length)
    bytes.set(encoder.encode(hashOf(this.#host, content)))
    bytes.set(content, hashLength)
    await this.#host.states.write(this.#nameOf(rounds), bytes)
  }

  async #read(log: ScalarLog, rounds: number): Promise<ReplicaSnapshot | undefined> {
    const bytes = await this.#host.states.read(this.#nameOf(rounds))
    if (bytes === undefined || bytes.length < hashLength) return undefined
    const content = bytes.subarray(hashLength)
    if (decoder.decode(bytes.subarray(0, hashLength)) !== hashOf(this.#host, content))
      return undefined
    // Bytes that bear their own hash are those that `keep` wrote.
    const { origin, log: logHash, ...snapshot } = decodeData(content) as unknown as KeptState
    const isOfRun = origin === this.#origin && logHash === this.#logHash(log, rounds)
    return isOfRun && snapshot.rounds === rounds ? snapshot : undefined
  }

  #logHash(log: ScalarLog, rounds: number): string {
    return hashOf(this.#host, log.slice(0, rounds))
  }

  /** All have the same length, so that none is the beginning of another. */
  #nameOf(rounds: number): string {
    return this.#prefix + String(rounds).padStart(9, '0')
  }
}

interface KeptState extends ReplicaSnapshot {
  readonly origin: string
  readonly log: string
}

const hashOf = (host: TrailHost, bytes: Uint8Array) => host.sha256().update(bytes).hex()

const prefixOf = (host: TrailHost, folder: string) =>
  `${hashOf(host, encoder.encode(folder)).slice(0, 32)}-`
