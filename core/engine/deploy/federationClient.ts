/**
 * One client of a federation: a replica with its own data. It answers a summons with one reply
 * frame, and knows nothing of how that travels.
 */
import { HisoError } from '../../base/index.ts'
import { parseConfigText, parseRunConfig, type RunConfig } from '../../config/index.ts'
import {
  createExchange,
  WorkerPool,
  type Exchange,
  type PassSize,
  type RoundWorker,
} from '../../federation/index.ts'
import { RandomStream } from '../../random/index.ts'
import { decodeFrames, encode, ScalarLog } from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { LogPart, Summons, Welcome } from './messages.ts'

export interface OwnPlaces {
  /** The client's data, in place of what the config names; it holds this client's samples only. */
  readonly data?: string | undefined
  /** The model's file here, if the config names one. */
  readonly model?: string | undefined
}

/** Random words that nobody can guess. */
export type SecretWords = (count: number) => Uint32Array

export class FederationClient {
  readonly #host: EngineHost
  readonly #config: RunConfig
  readonly #welcome: Welcome
  readonly #passSize: PassSize
  readonly #secretWords: SecretWords
  #worker: RoundWorker
  #log = new ScalarLog()
  #exchange: Exchange
  #answered: { readonly round: number; readonly frame: Uint8Array } | undefined

  private constructor(
    host: EngineHost,
    config: RunConfig,
    welcome: Welcome,
    secretWords: SecretWords,
    worker: RoundWorker,
    passSize: PassSize,
  ) {
    this.#host = host
    this.#config = config
    this.#welcome = welcome
    this.#secretWords = secretWords
    this.#worker = worker
    this.#passSize = passSize
    this.#exchange = this.#newExchange()
  }

  /**
   * Opens the federation's task with this client's data.
   * @throws HisoError FEDERATION_MISMATCH where program or model are others than the federation's,
   *   and whatever is wrong with the data
   */
  static async open(
    host: EngineHost,
    welcome: Welcome,
    places: OwnPlaces,
    secretWords: SecretWords,
  ): Promise<FederationClient> {
    const version = String(host.environment['hiso'])
    if (version !== welcome.version)
      throw mismatch(
        `this program has version ${version}, and the federation’s ${welcome.version}`,
        'Install the same version: another one may compute other bits',
      )
    const config = withPlaces(parseConfigText(welcome.configText, 'the config'), places)
    const { worker, report } = await host.startWorker(config)
    if (report.fingerprints.model !== welcome.model) {
      await worker.close()
      throw mismatch(
        `the model that it begins with is not the federation’s: its fingerprint is ${report.fingerprints.model.slice(0, 12)}…, and should be ${welcome.model.slice(0, 12)}…`,
        'Use the same model file (--model), and data of the same shape and classes',
      )
    }
    return new FederationClient(host, config, welcome, secretWords, worker, report)
  }

  /** Whether it was opened for this very welcome. */
  isWelcomedBy({ id, client, fingerprint }: Welcome): boolean {
    const own = this.#welcome
    return (
      id === own.id &&
      client === own.client &&
      fingerprint.every((byte, at) => byte === own.fingerprint[at])
    )
  }

  /** Rounds of the log that it has applied. */
  get rounds(): number {
    return this.#log.rounds
  }

  /** The frame that says that it is there. */
  hello(): Uint8Array {
    const { fingerprint } = this.#welcome
    return encode({ type: 'hello', round: this.rounds, fingerprint })
  }

  /** The frame that it has answered a round with. */
  answerTo(round: number): Uint8Array | undefined {
    return this.#answered?.round === round ? this.#answered.frame : undefined
  }

  /** @returns the frame of its reply; the same again where a round calls it twice */
  async answer({ round, isAnew, missed, opening }: Summons): Promise<Uint8Array> {
    const before = this.answerTo(round)
    if (before !== undefined) return before
    await this.learn({ isAnew, frames: missed })
    const pool = new WorkerPool(
      () => Promise.resolve(this.#worker),
      1,
      () => this.#log.since(this.#applied),
      () => {},
    )
    const client = Uint32Array.of(this.#welcome.client)
    const call = { round, opening, participants: client, answering: client }
    const { replies } = await this.#exchange.gather(call, pool, this.#passSize)
    this.#applied = this.rounds
    this.#answered = { round, frame: replies[0]! }
    return this.#answered.frame
  }

  /** SHA-256 of its state. */
  stateHash(): Promise<string> {
    return this.#worker.stateHash()
  }

  close(): Promise<void> {
    return this.#worker.close()
  }

  /** Rounds that the worker has applied. */
  #applied = 0

  /** Takes up frames of the log; those that it knows already are passed over. */
  async learn({ isAnew, frames }: Pick<LogPart, 'isAnew' | 'frames'>): Promise<void> {
    if (isAnew) await this.#forget()
    for (const message of decodeFrames(frames)) {
      if (message.round < this.rounds) continue
      if (message.type === 'change') {
        // Those behind the last round come again.
        if (this.#log.repeats(message)) continue
        this.#exchange.change(message)
      }
      this.#log.append(message)
    }
  }

  /** The server's log is the truth: a client that knows another one begins anew. */
  async #forget(): Promise<void> {
    await this.#worker.close()
    this.#worker = (await this.#host.startWorker(this.#config)).worker
    this.#log = new ScalarLog()
    this.#applied = 0
    this.#answered = undefined
    this.#exchange = this.#newExchange()
  }

  /**
   * In a simulation the noise of privacy follows from the run's seed, which the server knows. Here
   * it is drawn from words that only this client has seen.
   */
  #newExchange(): Exchange {
    return createExchange(this.#config, () => {
      const [seed, a, b, c] = this.#secretWords(4) as unknown as [number, number, number, number]
      return new RandomStream(seed, 'privacy', a, b, c)
    })
  }
}

function withPlaces(config: RunConfig, { data, model }: OwnPlaces): RunConfig {
  const task = {
    ...config.task,
    ...(data !== undefined && { dataset: data }),
    ...(model !== undefined && { model }),
  }
  return parseRunConfig({
    ...config,
    task,
    ...(data !== undefined && { split: { kind: 'whole' } }),
    compute: { ...config.compute, workers: 1, cluster: undefined },
  })
}

function mismatch(what: string, remedy: string): HisoError {
  return new HisoError('FEDERATION_MISMATCH', { what, remedy })
}
