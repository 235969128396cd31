/**
 * From the participants' measurements to the frames that leave them: each makes its scalars
 * private, attackers replace theirs, and all are written in the method's precision.
 */
import type { PrivacySettings, RunConfig, ScalarSettings } from '../config/index.ts'
import { RandomStream } from '../random/index.ts'
import { encode, type Precision } from '../wire/index.ts'
import { Attackers } from './attack/index.ts'
import { gaussianMechanism } from './privacy/index.ts'

/** The stream of the noise in a client's reply. */
export type PrivacyNoise = (round: number, client: number) => RandomStream

export class Uplink {
  readonly #noise: PrivacyNoise
  readonly #precision: Precision
  readonly #privacy: PrivacySettings
  readonly #attackers: Attackers

  constructor(
    { federation, seed }: Pick<RunConfig, 'federation' | 'seed'>,
    { precision, privacy }: ScalarSettings,
    noise: PrivacyNoise = (round, client) => new RandomStream(seed, 'privacy', round, client),
  ) {
    this.#noise = noise
    this.#precision = precision
    this.#privacy = privacy
    this.#attackers = new Attackers(federation, seed)
  }

  /**
   * @param clients those who answer, ascending
   * @param rows g_{i,k,p} as measured, float32[τ · P]
   * @returns one reply frame per client
   */
  frames(
    round: number,
    clients: readonly number[],
    scalarsPerStep: number,
    rows: readonly Float32Array[],
  ): Uint8Array[] {
    const honest = rows.map((row, index) => this.#makePrivate(round, clients[index]!, row))
    const sent = this.#attackers.forge(round, clients, honest)
    return sent.map((scalars, index) => this.frame(round, clients[index]!, scalarsPerStep, scalars))
  }

  /** One reply in the method's precision. */
  frame(round: number, client: number, scalarsPerStep: number, scalars: Float32Array): Uint8Array {
    const precision = this.#precision
    return encode({ type: 'reply', round, client, scalarsPerStep, scalars, precision })
  }

  #makePrivate(round: number, client: number, scalars: Float32Array): Float32Array {
    const privacy = this.#privacy
    if (privacy.kind === 'none') return scalars
    const stream = this.#noise(round, client)
    return gaussianMechanism(scalars, privacy.clip, privacy.noiseMultiplier, stream)
  }
}
