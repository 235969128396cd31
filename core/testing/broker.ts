/** A real message broker for tests and benches: nats-server, Debian's package of that name. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Undefined where it is not installed. */
export const brokerProgram = ['nats-server', '/usr/sbin/nats-server'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
)

export class TestBroker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hiso-broker-'))
  readonly #settings: string
  readonly #host: string
  #port = -1
  #server: ChildProcess | undefined

  private constructor(settings: string, host: string) {
    this.#settings = settings
    this.#host = host
  }

  /** @param settings more lines of its configuration */
  static async start(settings = '', host = '127.0.0.1'): Promise<TestBroker> {
    const broker = new TestBroker(settings, host)
    await broker.start()
    return broker
  }

  get address(): string {
    return `nats://${this.#host}:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  /** Of its process, while it runs. */
  get pid(): number | undefined {
    return this.#server?.pid
  }

  /** Starts it again, on the port that it had. */
  async start(): Promise<void> {
    const config = join(this.#folder, 'nats.conf')
    writeFileSync(config, `listen: "${this.#host}:${this.#port}"\n${this.#settings}\n`)
    const server = spawn(brokerProgram!, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#server = server
    let said = ''
    await new Promise<void>((resolve, reject) => {
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const listening = /Listening for client connections on \S+:(\d+)/.exec(said)
        if (listening !== null) this.#port = Number(listening[1])
        if (said.includes('Server is ready')) resolve()
      })
      server.on('exit', () => reject(new Error(`nats-server did not start:\n${said}`)))
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#server?.kill(signal)
  }

  /** Kills it at once; `start` starts it again. */
  async kill(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
