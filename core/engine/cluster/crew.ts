/**
 * The workers elsewhere that work for a run: opens the run's task on each that is offered, lets in
 * those that compute the same bits as this machine, and knows who does what.
 */
import { HisoError, messageOf, type Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import { callingWorker, type RoundWorker, type WorkerPool } from '../../federation/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import type { WorkerReport } from '../engineHost.ts'
import type { ClusterEvents, MachineFacts, WorkerLink } from './cluster.ts'
import type { Contribution } from './contributions.ts'
import { makeManifest, type FileManifest } from './fileManifest.ts'
import { probeWorker } from './probe.ts'
import { decodeAnswer, encodeRequest, type RemoteReport } from './workerService.ts'
import type { OnNotice } from '../protocol/notice.ts'

/** A machine's part in a run, for people. */
export interface MachineStatus extends MachineFacts {
  /** Its workers that work for this run. */
  readonly working: number
  /** Why none does. */
  readonly obstacle?: string
  /** The first letters of the machine's class: those of equal class compute equal bits. */
  readonly classOf?: string
  readonly provider?: string
  readonly layout?: string
  /** Minibatches whose losses, or clients whose training, it has done. */
  readonly batches: number
  /** Milliseconds since anything was heard of it; undefined when it has left. */
  readonly silentMs?: number
}

export interface CrewOptions {
  readonly host: Host
  readonly version: string
  /** With the provider and layout that the run computes with. */
  readonly config: RunConfig
  readonly first: WorkerReport
  /** What `probeWorker` finds on this machine. */
  readonly ownClass: string
  readonly pool: WorkerPool
  readonly onNotice: OnNotice
  /** Called when a worker has come or gone, or a machine was refused. */
  readonly onChange: () => void
}

interface Machine {
  readonly facts: MachineFacts
  readonly links: Set<WorkerLink>
  obstacle?: string
  classOf?: string
  environment?: RemoteReport['environment']
  batches: number
}

/** Refusals of machines that people read; on an open broker anybody can pretend to be many. */
const mostRefusals = 20
/** No part of a file is longer. */
const longestPart = 2 ** 20

export class Crew implements ClusterEvents {
  readonly #options: CrewOptions
  readonly #machines = new Map<string, Machine>()
  readonly #opening = new Set<Promise<void>>()
  /** Of workers that open the task, or have opened it. */
  readonly #links = new Set<WorkerLink>()
  /** Machines that people were told of, that they can't work. */
  readonly #refused = new Set<string>()
  /** Those of whom people read that they work for this run. */
  readonly #announced = new Set<Machine>()
  /** Names of those that have worked for it before. */
  readonly #known = new Set<string>()
  #manifest: Promise<FileManifest> | undefined
  #isAway = false
  #isOver = false

  constructor(options: CrewOptions) {
    this.#options = options
  }

  get machines(): readonly MachineStatus[] {
    return [...this.#machines.values()].map(statusOf)
  }

  /** Minibatches that this machine's own workers have done. */
  get ownBatches(): number {
    return this.#options.pool.ownBatches
  }

  /** What each has computed so far, this machine first. */
  get contributions(): readonly Contribution[] {
    const others = [...this.#machines.values()].map(({ facts, classOf = '', batches }) => ({
      machine: facts.name,
      classOf: shortClass(classOf),
      batches,
    }))
    const { ownClass } = this.#options
    const own = { machine: 'this machine', classOf: shortClass(ownClass), batches: this.ownBatches }
    return [own, ...others]
  }

  onNotice(text: string): void {
    this.#options.onNotice(text)
  }

  onAway(text: string): void {
    this.#isAway = true
    this.#options.onNotice(text)
  }

  onBack(text: string): void {
    this.#isAway = false
    this.#options.onNotice(text)
  }

  onOffer(link: WorkerLink): void {
    const { id } = link.machine
    const machine: Machine = this.#machines.get(id) ?? {
      facts: link.machine,
      links: new Set(),
      batches: 0,
    }
    this.#machines.set(id, machine)
    if (this.#isOver || machine.obstacle !== undefined) {
      link.close()
      return
    }
    const opening = this.#open(link, machine).finally(() => this.#opening.delete(opening))
    this.#opening.add(opening)
  }

  /** @throws HisoError FILE_UNREADABLE for a file that this run does not read */
  readonly filePart = async (sha256: string, from: number, to: number): Promise<Uint8Array> => {
    const { entries } = await this.#files()
    const entry = entries.find((it) => it.kind === 'file' && it.sha256 === sha256)
    if (entry === undefined || !(from >= 0 && from <= to && to - from <= longestPart))
      throw new HisoError('FILE_UNREADABLE', { what: 'this run reads no such file' })
    return this.#options.host.files.part(entry.path, from, to)
  }

  /** Lets nobody in any more. */
  async close(): Promise<void> {
    this.#isOver = true
    for (const link of this.#links) link.close()
    await Promise.allSettled(this.#opening)
  }

  async #open(link: WorkerLink, machine: Machine): Promise<void> {
    const { pool } = this.#options
    this.#links.add(link)
    try {
      const worker = await this.#openWorker(link, machine)
      if (this.#isOver) throw new Error('the run is over')
      machine.links.add(link)
      // The pool finds out with its next piece of work; people should know now.
      link.onLost((error) => this.#lose(link, machine, error))
      await pool.admit({
        worker,
        onWorked: (batches) => (machine.batches += batches),
        onLost: (error) => this.#lose(link, machine, error),
      })
      if (machine.links.has(link)) this.#announce(machine)
      this.#options.onChange()
    } catch (error) {
      this.#drop(link)
      machine.links.delete(link)
      if (this.#isOver || machine.obstacle !== undefined) return
      // One that has died is offered again when it is back.
      if (!isDeath(error)) machine.obstacle = messageOf(error)
      else if (this.#isAway) return
      this.#sayRefusal(machine.facts, error)
      this.#options.onChange()
    }
  }

  /** Once, whichever of its workers is the first. */
  #announce(machine: Machine): void {
    if (this.#announced.has(machine)) return
    this.#announced.add(machine)
    const { name } = machine.facts
    const isBack = this.#known.has(name)
    this.#known.add(name)
    this.#options.onNotice(`${name} ${isBack ? 'is back, and works' : 'works'} for this run.`, true)
  }

  #sayRefusal({ id, name }: MachineFacts, error: unknown): void {
    if (!this.#refused.has(id) && this.#refused.size < mostRefusals)
      this.#options.onNotice(`${name} can’t work for this run: ${messageOf(error)}`)
    this.#refused.add(id)
  }

  async #openWorker(link: WorkerLink, machine: Machine): Promise<RoundWorker> {
    const { config, version, first, ownClass, host } = this.#options
    const files = await this.#files()
    const request = encodeRequest({ type: 'open', order: { version, config, files } })
    const report = decodeAnswer(await link.ask(request)) as RemoteReport
    checkFingerprints(first, report.fingerprints, machine.facts.name)
    const worker = workerOver(link)
    machine.environment = report.environment
    machine.classOf = await probeWorker(worker, config, first, () => host.sha256())
    if (machine.classOf !== ownClass && !config.compute.mixed)
      throw new HisoError('WORKER_UNLIKE', {
        what: 'its losses differ from this machine’s in their last bits, so results would depend on who computes what',
        remedy: 'It waits. To let it work all the same: compute.mixed: true',
      })
    return worker
  }

  #drop(link: WorkerLink): void {
    this.#links.delete(link)
    link.close()
  }

  #lose(link: WorkerLink, machine: Machine, error: unknown): void {
    this.#drop(link)
    if (!machine.links.delete(link) || this.#isOver) return
    this.#options.onChange()
    if (machine.links.size > 0) return
    const wasAnnounced = this.#announced.delete(machine)
    if (this.#isAway || !wasAnnounced) return
    const reason = error instanceof HisoError ? error.what : messageOf(error)
    this.#options.onNotice(
      `${machine.facts.name} has left (${reason}); others do its work, and nothing is lost.`,
    )
  }

  #files(): Promise<FileManifest> {
    const { host, first } = this.#options
    this.#manifest ??= makeManifest(first.usedPaths ?? [], host.files, async (path) => {
      const digest = host.sha256()
      for await (const piece of host.files.pieces(path)) digest.update(piece)
      return digest.hex()
    })
    return this.#manifest
  }
}

/** Bytes of the log: of a round or a few. Longer catch-ups are waited for. */
const mostUnanswered = 4096

/** A worker whose calls pass over a link. */
function workerOver(link: WorkerLink): RoundWorker {
  const worker = callingWorker(
    async (method, args = []) =>
      decodeAnswer(await link.ask(encodeRequest({ type: 'call', method, args }))),
    () => {
      link.close()
      return Promise.resolve()
    },
  )
  return {
    ...worker,
    // What is asked next shows whether an entry was applied: it needs no answer of its own.
    apply(frames) {
      if (frames.length > mostUnanswered) return worker.apply(frames)
      link.tell(encodeRequest({ type: 'call', method: 'apply', args: [frames] }))
      return Promise.resolve()
    },
    // The worker's own replica holds the model: d numbers that need not be sent.
    train: ({ client }) => worker.train({ client } as Parameters<RoundWorker['train']>[0]),
  }
}

/** Enough of it to tell classes apart. */
const shortClass = (classOf: string) => classOf.slice(0, 8)

const isDeath = (error: unknown) => error instanceof HisoError && error.code === 'WORKER_DIED'

function statusOf({
  facts,
  links,
  obstacle,
  classOf,
  environment,
  batches,
}: Machine): MachineStatus {
  const silences = [...links].map((link) => link.silentMs())
  const { provider, layout } = environment ?? {}
  return {
    ...facts,
    working: links.size,
    batches,
    ...(obstacle !== undefined && { obstacle }),
    ...(classOf !== undefined && { classOf: shortClass(classOf) }),
    ...(provider !== undefined && { provider: String(provider) }),
    ...(layout !== undefined && { layout: String(layout) }),
    ...(silences.length > 0 && { silentMs: Math.min(...silences) }),
  }
}
