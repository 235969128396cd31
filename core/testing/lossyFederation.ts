/**
 * A federation of real clients in one thread: the server and its clients pass bytes over a network
 * that loses and repeats some, by a clock that tests turn.
 */
import type { RunConfig } from '../config/index.ts'
import {
  deploymentOf,
  Membership,
  Roster,
  Run,
  type EngineHost,
  type JoinedClients,
} from '../engine/index.ts'
import type { Deployment } from '../engine/play/deployment.ts'
import { RandomStream } from '../random/index.ts'
import { headAt } from '../wire/index.ts'

const tickMs = 100
const helloEveryTicks = 20
/** Of what one client says: with one more the server would take it for gone, and rightly. */
const mostLostInARow = 2

interface NetworkFaults {
  /** Chance that a message is lost, and that it arrives twice. */
  readonly lost?: number
  readonly twice?: number
  readonly seed?: number
}

export class LossyFederation {
  readonly notices: string[] = []
  /** Who was sent one. */
  readonly snapshots = new Set<string>()
  readonly #host: EngineHost
  readonly #faults: NetworkFaults
  readonly #stream: RandomStream
  readonly #members: { readonly name: string; readonly membership: Membership }[] = []
  /** Messages that were lost since one last arrived, by their sender. */
  readonly #lostInARow = new Map<string, number>()
  readonly #waiting: { readonly until: number; readonly resolve: () => void }[] = []
  #clock = 0
  #ticks = 0
  #joined: JoinedClients | undefined

  constructor(host: EngineHost, faults: NetworkFaults = {}) {
    this.#faults = faults
    this.#stream = new RandomStream(faults.seed ?? 1, 'dropout')
    this.#host = {
      ...host,
      now: () => this.#clock,
      patience: {
        now: () => this.#clock,
        wait: (ms) =>
          new Promise((resolve) => this.#waiting.push({ until: this.#clock + ms, resolve })),
      },
    }
  }

  /** What a client has published under this name. */
  publish(name: string, frame: Uint8Array, session?: string): void {
    this.#carry(() => this.#joined?.receive(name, frame.slice(), session), name)
  }

  /** @param of `clockMs`: what the client's own clock shows, always; `session`: its process */
  join(
    name: string,
    of: { readonly clockMs?: number; readonly session?: string } = {},
  ): ReturnType<Membership['play']> {
    const { clockMs, session } = of
    const membership = new Membership({
      name,
      session,
      host: clockMs === undefined ? this.#host : withClock(this.#host, clockMs),
      places: {},
      publish: (frame) => this.publish(name, frame, session),
      onNotice: (text) => this.notices.push(`${name}: ${text}`),
    })
    const member = { name, membership }
    this.#members.push(member)
    membership.hello()
    return membership.play().finally(() => this.#members.splice(this.#members.indexOf(member), 1))
  }

  /** Opens the server. @param start how many of them the first round waits for */
  async serve(
    folder: string,
    config: RunConfig,
    names: readonly string[],
    start = names.length,
  ): Promise<Run> {
    const deployment = await this.#deployment(folder, config, names, start)
    return this.#heard(await Run.start(this.#host, config, folder, deployment))
  }

  /** Opens the server of a run that has begun. */
  async goOn(folder: string, config: RunConfig, names: readonly string[]): Promise<Run> {
    const deployment = await this.#deployment(folder, config, names, names.length)
    return this.#heard(await Run.resume(this.#host, folder, { deployment }))
  }

  async #deployment(
    folder: string,
    config: RunConfig,
    names: readonly string[],
    start: number,
  ): Promise<Deployment> {
    const { files } = this.#host
    const roster = await Roster.open(files, folder, config.federation.clients, 'a1b2c3d4')
    for (const name of names) roster.indexOf(name)
    return deploymentOf(this.#host, config, {
      roster,
      start,
      quorum: 1,
      deadlineMs: 60_000,
      send: (name, message) => {
        if (headAt(message, 0)?.type === 'snapshot') this.snapshots.add(name)
        for (const member of this.#members.filter((it) => it.name === name))
          this.#carry(() => member.membership.receive(message.slice()))
      },
      onOpened: (clients) => (this.#joined = clients),
    })
  }

  #heard(run: Run): Run {
    run.listen((event) => {
      if (event.type === 'noticed') this.notices.push(event.text)
    })
    return run
  }

  /** Turns the clock until something has ended. */
  async until<Result>(end: Promise<Result>): Promise<Result> {
    let isOver = false
    const ended = end.finally(() => (isOver = true))
    ended.catch(() => {})
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve))
      this.#tick()
    }
    return ended
  }

  #tick(): void {
    this.#clock += tickMs
    const due = this.#waiting.filter(({ until }) => until <= this.#clock)
    for (const wait of due) {
      this.#waiting.splice(this.#waiting.indexOf(wait), 1)
      wait.resolve()
    }
    if (++this.#ticks % helloEveryTicks === 0)
      for (const { membership } of this.#members) membership.hello()
  }

  /** Messages of one sender arrive in order. */
  #carry(arrive: () => void, sender?: string): void {
    const { lost = 0, twice = 0 } = this.#faults
    const chance = this.#stream.uniform()
    const before = sender === undefined ? 0 : (this.#lostInARow.get(sender) ?? 0)
    const isLost = chance < lost && before < mostLostInARow
    if (sender !== undefined) this.#lostInARow.set(sender, isLost ? before + 1 : 0)
    if (isLost) return
    queueMicrotask(arrive)
    if (chance < lost + twice) queueMicrotask(arrive)
  }
}

function withClock(host: EngineHost, clockMs: number): EngineHost {
  return {
    ...host,
    now: () => clockMs,
    timestamp: () => new Date(clockMs).toISOString(),
  }
}
