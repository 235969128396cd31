/**
 * Does a federation keep its bits when its parts are lost? `hiso serve` and three `hiso join` are
 * killed, clients stopped and woken, and their broker killed and started again, at random; then as
 * many rounds are simulated, and log and state compared.
 *
 * Run: npm run bench -- lostClients [DISTURBANCES, 50 if left out] [SEED] [CATCH-UP, replay]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatConfig, parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { replayRun, Run } from '../core/engine/index.ts'
import { RandomStream } from '../core/random/index.ts'
import { readStoredModel, runFiles } from '../core/runs/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, hiso, inTemporaryFolder } from './play.ts'

const [disturbances = '50', seed = '1', catchUp = 'replay'] = process.argv.slice(2)
const stream = new RandomStream(Number(seed), 'dropout')
const host = createBenchHost()
const broker = await TestBroker.start()
const names = ['ana', 'ben', 'cem'] as const

const config = (rounds: number): RunConfig =>
  parseRunConfig({
    name: 'lost clients',
    task: { kind: 'quadratic', dim: 2000, heterogeneity: 0.2 },
    federation: { clients: names.length, participants: names.length, rounds, catchUp },
    method: { name: 'hiso', perturbations: 4, learningRate: 0.001 },
    evaluation: { every: 1_000_000 },
  })

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const below = (count: number) => stream.below(count)

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [hiso, ...args], { stdio: 'ignore' })
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

class Disturbed {
  readonly #home: string
  readonly #clients = new Map<string, ChildProcess>()
  #server: ChildProcess

  constructor(home: string) {
    this.#home = home
    writeFileSync(join(home, 'config.yaml'), formatConfig(config(10_000_000)))
    this.#server = this.#serve()
  }

  get folder(): string {
    return join(this.#home, 'served')
  }

  /** One after the other: the order decides who is which client. */
  async join(name: string): Promise<void> {
    this.#clients.set(name, start('join', broker.address, '--client', name))
    await this.#until(() => this.#roster().includes(name))
  }

  readonly kinds = {
    'client killed': async () => {
      const name = names[below(names.length)]!
      await kill(this.#clients.get(name)!)
      await this.join(name)
    },
    'client stopped': async () => {
      const client = this.#clients.get(names[below(names.length)]!)!
      client.kill('SIGSTOP')
      await pause(below(1500))
      client.kill('SIGCONT')
    },
    'server killed': async () => {
      await kill(this.#server)
      this.#server = this.#serve()
    },
    'broker killed': async () => {
      await broker.kill()
      await pause(below(1000))
      await broker.start()
    },
  } as const

  /** Rounds go on after a disturbance. @throws when none comes for a minute */
  async goesOn(): Promise<void> {
    const before = this.#logBytes()
    await this.#until(() => this.#logBytes() > before)
  }

  async stop(): Promise<void> {
    const ended = once(this.#server, 'exit')
    this.#server.kill('SIGINT')
    await Promise.race([ended, pause(30_000)])
    await this.close()
  }

  async close(): Promise<void> {
    for (const child of [this.#server, ...this.#clients.values()]) await kill(child)
  }

  #serve(): ChildProcess {
    const more = ['--broker', broker.address, '--quorum', String(names.length)]
    return start('serve', join(this.#home, 'config.yaml'), '--out', this.folder, ...more)
  }

  #roster(): string {
    return this.#read('clients.json').toString()
  }

  #logBytes(): number {
    return this.#read(runFiles.log).length
  }

  #read(file: string): Buffer {
    try {
      return readFileSync(join(this.folder, file))
    } catch {
      return Buffer.alloc(0)
    }
  }

  async #until(isSo: () => boolean): Promise<void> {
    for (let waited = 0; !isSo(); waited += 50) {
      if (waited > 60_000) throw new Error('the federation stands still')
      await pause(50)
    }
  }
}

await inTemporaryFolder(async (home) => {
  const disturbed = new Disturbed(home)
  const kinds = Object.entries(disturbed.kinds)
  const counts = new Map(kinds.map(([name]) => [name, 0]))
  try {
    for (const name of names) await disturbed.join(name)
    await disturbed.goesOn()
    for (let count = 0; count < Number(disturbances); count++) {
      await pause(below(600))
      const [name, disturb] = kinds[below(kinds.length)]!
      counts.set(name, counts.get(name)! + 1)
      await disturb()
      await disturbed.goesOn()
    }
    await disturbed.stop()
    const { log } = await readStoredModel(host, disturbed.folder)
    const { stateHash } = await replayRun(host, disturbed.folder)
    const simulated = await (
      await Run.start(host, config(log.rounds), join(home, 'simulated'))
    ).play()
    const own = await readStoredModel(host, join(home, 'simulated'))
    const isSame = simulated.stateHash === stateHash && Buffer.from(own.log.bytes).equals(log.bytes)
    printTable(
      [...counts.keys(), 'rounds', 'same log and state'].map((title) => `>${title}`),
      [[...counts.values(), log.rounds, isSame ? 'yes' : 'NO']],
    )
    process.exitCode = isSame ? 0 : 1
  } finally {
    await disturbed.close()
    await broker.close()
  }
})
