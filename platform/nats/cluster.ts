/** A run's side of a cluster: finds machines through the broker, and links to their workers. */
import { randomUUID } from 'node:crypto'
import {
  NoRespondersError,
  RequestError,
  TimeoutError,
  type NatsConnection,
} from '@nats-io/transport-node'
import { HisoError, messageOf } from '../../core/base/index.ts'
import type { Cluster, ClusterEvents, OpenCluster, WorkerLink } from '../../core/engine/index.ts'
import { decodeData, encodeData } from '../../core/wire/index.ts'
import { connectBroker, isOpen, shownAddress } from './broker.ts'
import { Courier } from './courier.ts'
import { readCredentials } from './credentials.ts'
import { readIntroduction, subjects, type Introduction } from './subjects.ts'
import { listen, watchBroker, type BrokerWatch } from './watchBroker.ts'

/** More than a run has use for: on an open broker anybody can pretend to be many. */
const mostMachines = 1000
/** Between two questions whether a machine is alive. */
const pingEveryMs = 250
/** A machine that has not answered for so long hangs. */
const silenceMs = 5000

/** A broker that is there answers its own connection sooner. */
const flushMs = 1000

const clusterLacking = {
  what: 'these credentials don’t open the workers of this broker',
  remedy: 'Ask its operator for those of the cluster; those of a federation don’t do',
}

/**
 * @param credentialsPath the file that says who one is; undefined for a broker that does not ask
 */
export function natsCluster(credentialsPath: string | undefined): OpenCluster {
  return async (address, events, isPatient) => {
    const credentials = credentialsPath === undefined ? {} : readCredentials(credentialsPath)
    const name = 'hiso run'
    const open = async () => {
      const connection = await connectBroker(address, { credentials, name })
      const cluster = new NatsCluster(connection, shownAddress(address), events)
      await cluster.allowed()
      return cluster
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
  readonly #watch: BrokerWatch

  constructor(connection: NatsConnection, address: string, events: ClusterEvents) {
    this.#connection = connection
    this.#events = events
    this.#courier = new Courier(connection)
    this.#courier.serve(subjects.files(this.#session), async (request) => {
      const { sha256, from, to } = decodeData(request) as unknown as FileRequest
      return events.filePart(sha256, from, to).catch(() => new Uint8Array())
    })
    listen(connection, subjects.here, (message) => this.#meet(readIntroduction(message.string())))
    connection.publish(subjects.find)
    this.#watch = watchBroker(connection, {
      where: address,
      lacking: clusterLacking,
      onAway: () => {
        events.onAway(
          `The broker at ${address} can’t be reached: the run goes on with the workers of this machine, and keeps trying.`,
        )
        for (const machine of this.#machines.values()) machine.lose()
      },
      onBack: () => {
        events.onBack(`The broker at ${address} is back.`)
        if (isOpen(connection)) connection.publish(subjects.find)
      },
      onRefused: ({ message }) => events.onNotice(message),
    })
  }

  /** @throws HisoError BROKER_REFUSED where the broker does not let a run find workers */
  async allowed(): Promise<void> {
    try {
      await this.#watch.allowed()
    } catch (error) {
      await this.#connection.close()
      throw error
    }
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
    machine.release()
    for (const worker of free) {
      const link = machine.link(worker)
      if (link !== undefined) this.#events.onOffer(link)
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
  /** Workers that were lost with the broker, and believe that they work for this run. */
  readonly #unreleased = new Set<number>()
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
        if (isUsed) this.#letGo(worker)
      },
    }
  }

  close(): void {
    this.#lose(died('the run is over'))
  }

  /** The broker is away, and what was asked of it may be lost. */
  lose(): void {
    for (const worker of this.#links.keys()) this.#unreleased.add(worker)
    this.#lose(died('the broker is away'))
  }

  /** It is there again: its workers are free once they know that their work is done by others. */
  release(): void {
    for (const worker of this.#unreleased) this.#letGo(worker)
    this.#unreleased.clear()
  }

  #letGo(worker: number): void {
    if (!isOpen(this.#connection)) return
    const subject = subjects.worker(this.#facts.id, worker)
    const leave = encodeData({ session: this.#session, type: 'leave' })
    this.#courier.ask(subject, leave, AbortSignal.timeout(silenceMs)).catch(() => {})
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
        if (isGone(error)) this.#lose(died(reasonOf(error)))
        else if (await this.#isBrokerThere()) this.#giveUp(died(reasonOf(error)))
        // The broker itself is silent: the connection is made anew, and that is said.
        else await this.#connection.reconnect().catch(() => {})
      }
      await pause(pingEveryMs)
    }
    this.#isWatched = false
  }

  /** It hangs. When it goes on, its workers read at once that they are free. */
  #giveUp(reason: HisoError): void {
    const workers = [...this.#links.keys()]
    this.#lose(reason)
    for (const worker of workers) this.#letGo(worker)
  }

  #isBrokerThere(): Promise<boolean> {
    const answer = this.#connection.flush().then(
      () => true,
      () => false,
    )
    return Promise.race([answer, pause(flushMs).then(() => false)])
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

const isGone = (error: unknown) =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())

function reasonOf(error: unknown): string {
  if (isGone(error)) return 'its connection has ended'
  const isSilent = error instanceof TimeoutError
  return isSilent ? `it has not answered for ${silenceMs / 1000} s` : messageOf(error)
}

const died = (what: string) => new HisoError('WORKER_DIED', { what })

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
