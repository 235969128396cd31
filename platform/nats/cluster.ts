/** A run's side of a cluster: finds machines through the broker, and links to their workers. */
import { randomUUID } from 'node:crypto'
import { NoRespondersError, RequestError, type NatsConnection } from '@nats-io/transport-node'
import { HisoError, messageOf } from '../../core/base/index.ts'
import type { Cluster, ClusterEvents, OpenCluster, WorkerLink } from '../../core/engine/index.ts'
import { decodeData, encodeData } from '../../core/wire/index.ts'
import { connectBroker, isOpen, shownAddress } from './broker.ts'
import { Courier } from './courier.ts'
import { readCredentials } from './credentials.ts'
import { readIntroduction, subjects, type Introduction } from './subjects.ts'

/** More than a run has use for: on an open broker anybody can pretend to be many. */
const mostMachines = 1000
/** Between two questions whether a machine is alive. */
const pingEveryMs = 250
/** A machine that has not answered for so long hangs. */
const silenceMs = 5000

/**
 * @param credentialsPath the file that says who one is; undefined for a broker that does not ask
 */
export function natsCluster(credentialsPath: string | undefined): OpenCluster {
  return async (address, events, isPatient) => {
    const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
    const name = 'hiso run'
    const open = async () => {
      const connection = await connectBroker(address, { credentials, name })
      return new NatsCluster(connection, shownAddress(address), events)
    }
    return isPatient ? new PatientCluster(open, events.onNotice.bind(events)) : open()
  }
}

interface FileRequest {
  readonly sha256: string
  readonly from: number
  readonly to: number
}

/** Between two attempts to reach a broker. */
const retryMs = 3000

/** A cluster whose broker need not be there yet. */
class PatientCluster implements Cluster {
  readonly #opening: Promise<Cluster | undefined>
  #isOver = false

  constructor(open: () => Promise<Cluster>, onNotice: (text: string) => void) {
    this.#opening = this.#untilOpen(open, onNotice)
  }

  async close(): Promise<void> {
    this.#isOver = true
    await (await this.#opening)?.close()
  }

  async #untilOpen(
    open: () => Promise<Cluster>,
    onNotice: (text: string) => void,
  ): Promise<Cluster | undefined> {
    let isSaid = false
    while (!this.#isOver) {
      try {
        return await open()
      } catch (error) {
        if (!isSaid)
          onNotice(`The run goes on without its cluster, and keeps trying: ${messageOf(error)}`)
        isSaid = true
        for (let waited = 0; waited < retryMs && !this.#isOver; waited += pingEveryMs)
          await pause(pingEveryMs)
      }
    }
    return undefined
  }
}

class NatsCluster implements Cluster {
  readonly #connection: NatsConnection
  readonly #events: ClusterEvents
  readonly #session = randomUUID()
  readonly #courier: Courier
  readonly #machines = new Map<string, NatsMachine>()

  constructor(connection: NatsConnection, address: string, events: ClusterEvents) {
    this.#connection = connection
    this.#events = events
    this.#courier = new Courier(connection)
    this.#courier.serve(subjects.files(this.#session), async (request) => {
      const { sha256, from, to } = decodeData(request) as unknown as FileRequest
      return events.filePart(sha256, from, to).catch(() => new Uint8Array())
    })
    connection.subscribe(subjects.here, {
      callback: (_, message) => this.#meet(readIntroduction(message.string())),
    })
    connection.publish(subjects.find)
    void this.#watchBroker(address)
  }

  async close(): Promise<void> {
    for (const machine of this.#machines.values()) machine.close()
    // What is on its way is sent; a broker that is away gets nothing.
    await Promise.race([this.#connection.drain(), pause(1000)]).catch(() => {})
    await this.#connection.close()
  }

  #meet(introduction: Introduction | undefined): void {
    if (introduction === undefined) return
    const { id, free } = introduction
    if (!this.#machines.has(id) && this.#machines.size >= mostMachines) return
    const machine =
      this.#machines.get(id) ??
      new NatsMachine(this.#connection, this.#courier, this.#session, introduction)
    this.#machines.set(id, machine)
    for (const worker of free) {
      const link = machine.link(worker)
      if (link !== undefined) this.#events.onOffer(link)
    }
  }

  /** Says when the broker goes and comes back, and looks for machines again. */
  async #watchBroker(address: string): Promise<void> {
    let isAway = false
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect' && !isAway) {
        isAway = true
        this.#events.onNotice(
          `The broker at ${address} can’t be reached: the run goes on with the workers of this machine, and keeps trying.`,
        )
      } else if (type === 'reconnect') {
        isAway = false
        this.#events.onNotice(`The broker at ${address} is back.`)
        if (isOpen(this.#connection)) this.#connection.publish(subjects.find)
      }
    }
  }
}

/** A machine as a run sees it: links to its workers, and whether it is alive. */
class NatsMachine {
  readonly #connection: NatsConnection
  readonly #courier: Courier
  readonly #session: string
  readonly #facts: Introduction
  /** Links by worker; each is aborted when it is closed, or the machine is lost. */
  readonly #links = new Map<number, AbortController>()
  readonly #onLost = new Map<AbortController, (error: Error) => void>()
  #heardAt = performance.now()
  #isWatched = false

  constructor(
    connection: NatsConnection,
    courier: Courier,
    session: string,
    { id, name, cores, workers, version, system, free }: Introduction,
  ) {
    this.#connection = connection
    this.#courier = courier
    this.#session = session
    this.#facts = { id, name, cores, workers, version, system, free }
  }

  /** @returns undefined if this run is linked to the worker already */
  link(worker: number): WorkerLink | undefined {
    this.#heardAt = performance.now()
    if (this.#links.has(worker)) return undefined
    const ended = new AbortController()
    this.#links.set(worker, ended)
    const subject = subjects.worker(this.#facts.id, worker)
    const session = this.#session
    let isUsed = false
    const { free: _, ...machine } = this.#facts
    const enveloped = (request: Uint8Array) => encodeData({ session, type: 'request', request })
    return {
      machine,
      ask: (request) => {
        isUsed = true
        void this.#watch()
        return this.#courier.ask(subject, enveloped(request), ended.signal)
      },
      tell: (request) => {
        if (!ended.signal.aborted) this.#courier.tell(subject, enveloped(request))
      },
      onLost: (listener) => this.#onLost.set(ended, listener),
      silentMs: () => performance.now() - this.#heardAt,
      close: () => {
        if (this.#links.get(worker) !== ended) return
        this.#links.delete(worker)
        this.#onLost.delete(ended)
        ended.abort(died('it was let go'))
        if (!isUsed || !isOpen(this.#connection)) return
        this.#courier
          .ask(subject, encodeData({ session, type: 'leave' }), AbortSignal.timeout(silenceMs))
          .catch(() => {})
      },
    }
  }

  close(): void {
    this.#lose(died('the run is over'))
  }

  /** Asks whether it is alive, as long as there are links to it. */
  async #watch(): Promise<void> {
    if (this.#isWatched) return
    this.#isWatched = true
    while (this.#links.size > 0) {
      try {
        await this.#connection.request(subjects.ping(this.#facts.id), this.#session, {
          timeout: silenceMs,
        })
        this.#heardAt = performance.now()
      } catch (error) {
        this.#lose(died(reasonOf(error)))
        break
      }
      await pause(pingEveryMs)
    }
    this.#isWatched = false
  }

  #lose(reason: HisoError): void {
    const links = [...this.#links.values()]
    this.#links.clear()
    for (const link of links) {
      link.abort(reason)
      this.#onLost.get(link)?.(reason)
      this.#onLost.delete(link)
    }
  }
}

function reasonOf(error: unknown): string {
  const isGone =
    error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())
  if (isGone) return 'its connection has ended'
  const isSilent = error instanceof Error && error.name === 'TimeoutError'
  return isSilent ? `it has not answered for ${silenceMs / 1000} s` : messageOf(error)
}

const died = (what: string) => new HisoError('WORKER_DIED', { what })

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
