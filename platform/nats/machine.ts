/** A machine's side of a cluster: offers workers, each of which works for one run at a time. */
import { randomUUID } from 'node:crypto'
import { availableParallelism, hostname } from 'node:os'
import type { NatsConnection } from '@nats-io/transport-node'
import { errorToData, HisoError, messageOf } from '../../core/base/index.ts'
import { WorkerService, type OpenOrder } from '../../core/engine/index.ts'
import { decodeData, encodeData } from '../../core/wire/index.ts'
import { createNodeFiles } from '../nodeFiles.ts'
import { startWorkerThread } from '../threadWorker.ts'
import { connectBroker, isOpen, shownAddress } from './broker.ts'
import { Courier } from './courier.ts'
import { readCredentials } from './credentials.ts'
import { fetchFiles, objectCacheOf } from './fetchFiles.ts'
import { RunNotices } from './runNotices.ts'
import { readEnvelope, subjects, type Introduction } from './subjects.ts'
import { listen, watchBroker, type BrokerWatch } from './watchBroker.ts'

/** A run that has not asked after its worker for so long is gone. */
const abandonedMs = 15_000

const workerLacking = {
  what: 'these credentials don’t let a machine offer workers',
  remedy: 'Ask the operator of the broker for those of the cluster; those of a federation don’t do',
}

export interface OfferOptions {
  readonly address: string
  readonly credentialsPath?: string | undefined
  /** How many workers; as many as cores if left out. */
  readonly workers?: number | undefined
  /** What people call the machine; its host name if left out. */
  readonly name?: string | undefined
  readonly resources: string
  readonly workerScript: string | URL
  readonly version: string
  readonly onNotice: (text: string) => void
}

export interface OfferedMachine {
  readonly name: string
  readonly workers: number
  /** Rejects once the broker lets it in no more. */
  readonly refused: Promise<never>
  /** Ends after the forward pass in progress. */
  close(): Promise<void>
}

/** Offers this machine's workers until it is closed. @throws HisoError BROKER_… */
export async function offerMachine(options: OfferOptions): Promise<OfferedMachine> {
  const { credentialsPath } = options
  const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
  const name = options.name ?? hostname()
  const connection = await connectBroker(options.address, {
    credentials,
    name: `hiso worker ${name}`,
  })
  const machine = new Machine(connection, name, options)
  try {
    await machine.allowed()
    return machine
  } catch (error) {
    await machine.close()
    throw error
  }
}

class Machine implements OfferedMachine {
  readonly name: string
  readonly workers: number
  readonly #id = randomUUID()
  readonly #connection: NatsConnection
  readonly #options: OfferOptions
  readonly #offered: readonly OfferedWorker[]
  readonly #timer: NodeJS.Timeout
  readonly #watch: BrokerWatch
  readonly refused: Promise<never>

  constructor(connection: NatsConnection, name: string, options: OfferOptions) {
    this.name = name
    this.workers = options.workers ?? availableParallelism()
    this.#connection = connection
    this.#options = options
    const courier = new Courier(connection)
    const notices = new RunNotices(options.onNotice)
    this.#offered = Array.from({ length: this.workers }, (_, index) => {
      const worker = new OfferedWorker(courier, options, notices, () => this.#introduce())
      courier.serve(subjects.worker(this.#id, index), (request) => worker.answer(request))
      return worker
    })
    listen(connection, subjects.ping(this.#id), (message) => {
      for (const worker of this.#offered) worker.hear(message.string())
      message.respond()
    })
    listen(connection, subjects.find, () => this.#introduce())
    this.#timer = setInterval(() => {
      for (const worker of this.#offered) void worker.leaveIfAbandoned()
    }, abandonedMs / 5)
    this.#introduce()
    let refuse: (error: Error) => void
    this.refused = new Promise<never>((_, reject) => (refuse = reject))
    this.refused.catch(() => {})
    this.#watch = watchBroker(connection, {
      where: shownAddress(options.address),
      lacking: workerLacking,
      onAway: () => options.onNotice('The broker can’t be reached; trying again until it can.'),
      onBack: () => {
        options.onNotice('The broker is back.')
        this.#introduce()
      },
      // A stranger can have this machine answer where it may not: that ends nothing.
      onRefused: (error, isOver) => {
        if (isOver) refuse(error)
        else options.onNotice(error.message)
      },
    })
  }

  /** @throws HisoError BROKER_REFUSED where the broker lets it offer no workers */
  allowed(): Promise<void> {
    return this.#watch.allowed()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    // First the connection: its end tells runs at once that others must do the work.
    await this.#connection.close()
    await Promise.all(this.#offered.map((worker) => worker.leave()))
  }

  #introduce(): void {
    if (!isOpen(this.#connection)) return
    const introduction: Introduction = {
      id: this.#id,
      name: this.name,
      cores: availableParallelism(),
      workers: this.workers,
      version: this.#options.version,
      system: `${process.platform} ${process.arch}`,
      free: this.#offered.flatMap((worker, index) => (worker.isFree ? [index] : [])),
    }
    this.#connection.publish(subjects.here, JSON.stringify(introduction))
  }
}

/** One worker of this machine, and the run that it works for. */
class OfferedWorker {
  readonly #courier: Courier
  readonly #options: OfferOptions
  readonly #notices: RunNotices
  readonly #onFree: () => void
  readonly #service: WorkerService
  #session: string | undefined
  #isWorking = false
  #heardAt = 0

  constructor(courier: Courier, options: OfferOptions, notices: RunNotices, onFree: () => void) {
    this.#courier = courier
    this.#notices = notices
    this.#options = options
    this.#onFree = onFree
    this.#service = new WorkerService(options.version, async (order) => {
      const session = this.#session!
      this.#begin(session, order.config.name)
      try {
        return await this.#open(order)
      } catch (error) {
        notices.fail(session, messageOf(error))
        throw error
      }
    })
  }

  get isFree(): boolean {
    return this.#session === undefined
  }

  /** Its run is alive. */
  hear(session: string): void {
    if (session === this.#session) this.#heardAt = performance.now()
  }

  async answer(bytes: Uint8Array): Promise<Uint8Array> {
    const { session, type, request } = readEnvelope(decodeData(bytes))
    if (type === 'leave') {
      if (session === this.#session) await this.leave()
      return new Uint8Array()
    }
    if (this.#session !== undefined && session !== this.#session)
      return encodeData({ error: taken })
    this.#session ??= session
    this.hear(session)
    return this.#service.answer(request ?? new Uint8Array())
  }

  /** Gives up the run that it works for. */
  async leave(): Promise<void> {
    if (this.#session === undefined) return
    const session = this.#session
    await this.#service.close()
    if (this.#session !== session) return
    this.#session = undefined
    if (this.#isWorking) this.#notices.end(session)
    this.#isWorking = false
    this.#onFree()
  }

  /** A run may open its task again. */
  #begin(session: string, name: string): void {
    if (this.#isWorking || this.#session !== session) return
    this.#isWorking = true
    this.#notices.begin(session, name)
  }

  async leaveIfAbandoned(): Promise<void> {
    if (this.#session !== undefined && performance.now() - this.#heardAt > abandonedMs)
      await this.leave()
  }

  async #open({ config, files: manifest }: OpenOrder) {
    const { resources, workerScript, version } = this.#options
    const places = await fetchFiles(
      manifest,
      createNodeFiles(resources),
      objectCacheOf(process.env),
      (sha256, from, to) => this.#filePart(sha256, from, to),
    )
    const { cluster: _, ...compute } = config.compute
    const own = { ...config, compute: { ...compute, workers: 1 } }
    return startWorkerThread(
      workerScript,
      { resources, version },
      { config: own, group: undefined, mirror: { manifest, places } },
    )
  }

  async #filePart(sha256: string, from: number, to: number): Promise<Uint8Array> {
    const bytes = await this.#courier.ask(
      subjects.files(this.#session!),
      encodeData({ sha256, from, to }),
      AbortSignal.timeout(abandonedMs),
    )
    if (bytes.length === to - from) return bytes
    throw new HisoError('FILE_UNREADABLE', {
      what: 'the run’s machine does not give one of its files any more',
      remedy: 'Start the run again',
    })
  }
}

const taken = errorToData(
  new HisoError('WORKER_DIED', { what: 'the worker works for another run already' }),
)
