/**
 * One client of a federation: a replica with its own data. It answers a summons with one reply
 * frame, and knows nothing of how that travels.
 */
import { HisoError, oneLine } from '../../base/index.ts'
import { parseConfigText, parseRunConfig, type RunConfig } from '../../config/index.ts'
import {
  createExchange,
  snapshotShape,
  WorkerPool,
  type Exchange,
  type PassSize,
  type RoundWorker,
} from '../../federation/index.ts'
import { RandomStream } from '../../random/index.ts'
import { previewNumbers, type SampleForm } from '../../tasks/index.ts'
import { decode, decodeFrames, headAt, ScalarLog, SnapshotParts } from '../../wire/index.ts'
import type { EngineHost, WorkerReport } from '../engineHost.ts'
import type { OwnPlaces } from './clientSeat.ts'
import type { Summons, Welcome } from './messages.ts'

/** Random words that nobody can guess. */
export type SecretWords = (count: number) => Uint32Array

export class FederationClient {
  readonly #host: EngineHost
  readonly #config: RunConfig
  readonly #welcome: Welcome
  readonly #passSize: PassSize
  readonly #dim: number
  readonly #secretWords: SecretWords
  #worker: RoundWorker
  #log = new ScalarLog()
  /** Of its one worker; brings it to the end of the log. */
  #pool: WorkerPool
  #exchange: Exchange
  /** Undefined where the method's state fits into none. */
  #snapshot: SnapshotParts | undefined
  #answered: { readonly round: number; readonly frame: Uint8Array } | undefined

  private constructor(
    host: EngineHost,
    config: RunConfig,
    welcome: Welcome,
    secretWords: SecretWords,
    worker: RoundWorker,
    report: PassSize & Pick<WorkerReport, 'dim'>,
  ) {
    this.#host = host
    this.#config = config
    this.#welcome = welcome
    this.#secretWords = secretWords
    this.#worker = worker
    this.#passSize = report
    this.#dim = report.dim
    this.#pool = this.#newPool()
    this.#exchange = this.#newExchange()
    this.#snapshot = this.#newSnapshot()
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
    const { worker, report } = await host.startWorker(config).catch(async (error: unknown) => {
      // A model that the data do not fit says so; a client has chosen its data only.
      const form = isRefusal(error) ? await sampleFormOf(config, host) : undefined
      throw otherSamples(welcome.sampleForm, form) ?? error
    })
    if (report.fingerprints.model !== welcome.model) {
      await worker.close()
      const other = otherSamples(welcome.sampleForm, report.sampleForm)
      if (other !== undefined) throw other
      throw mismatch(
        `the model that it begins with is not the federation’s: its fingerprint is ${report.fingerprints.model.slice(0, 12)}…, and should be ${welcome.model.slice(0, 12)}…`,
        'Use the same model file (--model), and data of the same shape and classes',
      )
    }
    const unlike = otherClasses(welcome.sampleForm?.classNames, report.sampleForm?.classNames)
    if (unlike !== undefined) {
      await worker.close()
      throw unlike
    }
    return new FederationClient(host, config, welcome, secretWords, worker, report)
  }

  /** Rounds of the log that it has applied. */
  get rounds(): number {
    return this.#log.rounds
  }

  /**
   * @returns the frame of its reply, the same again where a round calls it twice; undefined if
   *   frames before the round have not arrived
   */
  async answer({ round, missed, opening }: Summons): Promise<Uint8Array | undefined> {
    if (this.#answered?.round === round) return this.#answered.frame
    if (round < this.rounds) await this.#forget()
    await this.learn(missed)
    if (round !== this.rounds) return undefined
    const client = Uint32Array.of(this.#welcome.client)
    const call = { round, opening, participants: client, answering: client }
    const { replies } = await this.#exchange.gather(call, this.#pool, this.#passSize)
    this.#answered = { round, frame: replies[0]! }
    return this.#answered.frame
  }

  /** SHA-256 of its state at the end of the log. */
  stateHash(): Promise<string> {
    return this.#pool.first((worker) => worker.stateHash())
  }

  close(): Promise<void> {
    return this.#worker.close()
  }

  /**
   * Takes up frames of the log. Those that it knows already are passed over, and those behind a gap
   * wait to be sent again. Where it knows another frame of a round, it begins anew.
   */
  async learn(sent: Uint8Array): Promise<void> {
    const frames = framesFrom(sent, this.#log.first)
    const from = headAt(frames, 0)?.round
    if (from === undefined || from > this.rounds) return
    let known = this.#log.since(from)
    if (!startAlike(known, frames)) {
      await this.#forget()
      if (from > 0) return
      known = new Uint8Array()
    }
    for (const message of decodeFrames(frames.subarray(known.length))) {
      if (message.type === 'change') this.#exchange.change(message)
      this.#log.append(message)
    }
  }

  /** Takes up a part of a snapshot; with the last one it stands where the server does. */
  async adopt(frame: Uint8Array): Promise<void> {
    const { message } = decode(frame)
    // One that came late, or twice.
    if (message.type !== 'snapshot' || message.round <= this.rounds) return
    const state = this.#snapshot?.add(message)
    if (state === undefined) return
    await this.#worker.adopt(state)
    this.#log = new ScalarLog(state)
    this.#pool = this.#newPool()
    this.#answered = undefined
    this.#exchange = this.#newExchange()
    for (const { setting, value } of state.changed)
      this.#exchange.change({ type: 'change', round: state.round, setting, value })
  }

  /** The server's log is the truth: a client that knows another one begins anew. */
  async #forget(): Promise<void> {
    await this.#worker.close()
    this.#worker = (await this.#host.startWorker(this.#config)).worker
    this.#log = new ScalarLog()
    this.#pool = this.#newPool()
    this.#answered = undefined
    this.#exchange = this.#newExchange()
    this.#snapshot = this.#newSnapshot()
  }

  #newSnapshot(): SnapshotParts | undefined {
    const shape = snapshotShape(this.#config, this.#dim)
    return shape && new SnapshotParts(shape)
  }

  #newPool(): WorkerPool {
    const [worker, log] = [this.#worker, this.#log]
    return new WorkerPool(
      () => Promise.resolve(worker),
      1,
      () => log.since(log.first),
      () => {},
    )
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

/** Without those of rounds before one: a snapshot stands in their place. */
function framesFrom(frames: Uint8Array, round: number): Uint8Array {
  let at = 0
  for (let head = headAt(frames, 0); head !== undefined && head.round < round;) {
    at = head.end
    head = headAt(frames, at)
  }
  return frames.subarray(at)
}

/** Whether one begins with the whole of the other. */
function startAlike(a: Uint8Array, b: Uint8Array): boolean {
  const common = Math.min(a.length, b.length)
  for (let at = 0; at < common; at++) if (a[at] !== b[at]) return false
  return true
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

const isRefusal = (error: unknown) => error instanceof HisoError && error.code.startsWith('MODEL_')

/** Undefined for data that can't be read, too: that error was the first. */
async function sampleFormOf(config: RunConfig, host: EngineHost): Promise<SampleForm | undefined> {
  const preview = await previewNumbers(config, host).catch(() => undefined)
  return preview && { shape: preview.featureShape, classes: preview.classes.length }
}

/** Undefined where they are alike, or unknown. */
function otherSamples(
  theirs: SampleForm | undefined,
  own: SampleForm | undefined,
): HisoError | undefined {
  if (theirs === undefined || own === undefined) return undefined
  const [wanted, given] = [describeSamples(theirs), describeSamples(own)]
  if (wanted === given) return undefined
  return mismatch(
    `the federation learns from ${wanted}; these data are ${given}`,
    'Give --data of the same shape and classes',
  )
}

/** Undefined where each output stands for the same class, or no names say for which. */
function otherClasses(
  theirs: readonly string[] | undefined,
  own: readonly string[] | undefined,
): HisoError | undefined {
  const at = theirs?.findIndex((name, output) => name !== own?.[output]) ?? -1
  if (theirs === undefined || own === undefined || at === -1) return undefined
  if ([theirs, own].some(areNumbered)) return undefined
  return mismatch(
    `output ${at} of the model stands for the class ${oneLine(theirs[at]!)} in the federation, and for ${oneLine(own[at] ?? 'nothing')} in these data`,
    'Give the classes the same names as the others have',
  )
}

/** Classes that have numbers in place of names, as idx files have. */
const areNumbered = (names: readonly string[]) => names.every((name) => /^\d+$/.test(name))

function describeSamples({ shape, classes }: SampleForm): string {
  const [first = 0, ...sides] = shape
  const values =
    sides.length === 2
      ? `images of ${sides.join(' × ')} pixels${first === 1 ? '' : ` with ${first} channels`}`
      : `samples of ${shape.join(' × ')} numbers`
  return `${values} in ${classes} classes`
}

function mismatch(what: string, remedy: string): HisoError {
  return new HisoError('FEDERATION_MISMATCH', { what, remedy })
}
