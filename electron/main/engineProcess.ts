/**
 * The engine's process as main sees it: started once, brought back when it dies, its ports handed
 * to the page. Main knows of the engine only which runs are in progress.
 */
import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron'
import type { EngineState } from '../ipc/contract.ts'
import { ReaderProcesses } from './readerProcesses.ts'
import type {
  AllowedFolders,
  HostCommand,
  HostMessage,
  HostSettings,
  RunInProgress,
  SelftestReport,
} from '../ipc/enginePort.ts'

/** An engine that dies sooner than this after its start has not really started. */
const shortLifeMs = 5000
/** So many short lives in a row, and starting it again is not going to help. */
const shortLivesAllowed = 3
/** The end of what a dying engine wrote, kept to tell why. */
const keptOutputLength = 4000

/** So long the last words of a dead engine are waited for. */
const restOfOutputMs = 500

export interface EngineProcessOptions {
  readonly script: string
  /** The script of processes that read foreign files. */
  readonly readerScript: string
  readonly settings: HostSettings
  /** What the page may have written to. */
  allowed(): AllowedFolders
  onStateChanged(state: EngineState): void
  onRunsChanged(runs: readonly RunInProgress[]): void
}

export class EngineProcess {
  readonly #options: EngineProcessOptions
  readonly #readers: ReaderProcesses
  #child: UtilityProcess | undefined
  #state: EngineState = { state: 'starting' }
  #runs: readonly RunInProgress[] = []
  #startedAt = 0
  #shortLives = 0
  #isClosing = false
  #output = ''
  /** Pages that hold a port, and get a new one from the next engine. */
  readonly #connected = new Set<WebContents>()
  readonly #waiting = new Map<HostMessage['type'], (message: HostMessage | undefined) => void>()

  constructor(options: EngineProcessOptions) {
    this.#options = options
    this.#readers = new ReaderProcesses({
      script: options.readerScript,
      settings: options.settings,
      tellEngine: (command) => this.#send(command),
    })
  }

  get state(): EngineState {
    return this.#state
  }

  get runsInProgress(): readonly RunInProgress[] {
    return this.#runs
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(): void {
    if (this.#child !== undefined) return
    this.#startedAt = Date.now()
    this.#output = ''
    const child = utilityProcess.fork(
      this.#options.script,
      [JSON.stringify(this.#options.settings)],
      {
        serviceName: 'HiSo engine',
        stdio: 'pipe',
      },
    )
    this.#child = child
    this.allow()
    for (const page of this.#connected) this.#connect(page)
    const output = [child.stdout, child.stderr].filter((stream) => stream !== null)
    const keep = (chunk: Buffer) => this.#keepOutput(chunk.toString())
    for (const stream of output) stream.on('data', keep)
    child.on('message', (message: HostMessage) => this.#receive(message))
    child.on('exit', (code) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#readers.killAll()
      void readRest(output, keep).then(() => this.#restart(code))
    })
  }

  /** Starts it once more after it was given up. */
  restart(): void {
    if (this.#state.state !== 'failed') return
    this.#shortLives = 0
    this.#setState({ state: 'starting' })
    this.start()
  }

  /**
   * Gives a page a port to the engine as soon as there is one, and to each engine after it. The
   * first page starts it: not before, as on a small machine the two would slow each other down.
   */
  connect(page: WebContents): void {
    if (!this.#connected.has(page)) {
      this.#connected.add(page)
      page.once('destroyed', () => this.#connected.delete(page))
    }
    if (this.#startedAt === 0) this.start()
    else this.#connect(page)
  }

  /**
   * Stops all runs after their round in progress and waits for it, but not longer than
   * `patienceMs`; then ends the process.
   */
  async close(patienceMs: number): Promise<void> {
    this.#isClosing = true
    if (this.#runs.length > 0) {
      const stopped = this.#answer('stopped', patienceMs)
      this.#send({ type: 'stop' })
      await stopped
    }
    this.#readers.killAll()
    this.#child?.kill()
    this.#child = undefined
  }

  /** Tells the engine what the page may have written to now. */
  allow(): void {
    this.#send({ type: 'allow', ...this.#options.allowed() })
  }

  async selftest(folder: string, patienceMs: number): Promise<SelftestReport> {
    const answer = this.#answer('selftested', patienceMs)
    this.#send({ type: 'selftest', folder })
    const message = await answer
    if (message?.type === 'selftested') return message.report
    return { ok: false, error: `the engine did not answer. ${this.#output}`.trim() }
  }

  #connect(page: WebContents): void {
    if (this.#child === undefined || page.isDestroyed()) return
    const { port1, port2 } = new MessageChannelMain()
    this.#child.postMessage({ type: 'connect' } satisfies HostCommand, [port1])
    page.postMessage('engine:port', null, [port2])
  }

  #send(command: HostCommand): void {
    this.#child?.postMessage(command)
  }

  #receive(message: HostMessage): void {
    switch (message.type) {
      case 'started':
        this.#setState({ state: this.#state.state === 'lost' ? 'restarted' : 'running' })
        break
      case 'status':
        this.#runs = message.runs
        this.#options.onRunsChanged(message.runs)
        break
      case 'startReader':
        this.#readers.start(message.reader)
        break
      case 'askReader':
        this.#readers.ask(message.reader, message.request)
        break
      case 'killReader':
        this.#readers.kill(message.reader)
        break
      case 'stopped':
      case 'selftested':
        break
    }
    this.#waiting.get(message.type)?.(message)
  }

  /** What the dead engine was playing, the next one takes up from its folder. */
  #restart(code: number): void {
    if (this.#isClosing) return
    const { reason, remedy } = explain(code, this.#output)
    const isShort = Date.now() - this.#startedAt < shortLifeMs
    this.#shortLives = isShort ? this.#shortLives + 1 : 0
    if (this.#shortLives >= shortLivesAllowed) {
      for (const settle of this.#waiting.values()) settle(undefined)
      this.#setState({ state: 'failed', text: `${reason}. ${remedy}.` })
      return
    }
    this.#setState({ state: 'lost', text: `${reason}; it is started again.` })
    const lost = this.#runs
    this.start()
    if (lost.length > 0) this.#send({ type: 'resume', runs: lost })
  }

  #setState(state: EngineState): void {
    this.#state = state
    this.#options.onStateChanged(state)
  }

  #answer(type: HostMessage['type'], patienceMs: number): Promise<HostMessage | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), patienceMs)
      const settle = (message: HostMessage | undefined) => {
        clearTimeout(timer)
        this.#waiting.delete(type)
        resolve(message)
      }
      this.#waiting.set(type, settle)
    })
  }

  #keepOutput(text: string): void {
    this.#output = (this.#output + text).slice(-keptOutputLength)
    process.stderr.write(text)
  }
}

/**
 * What a dead process wrote at last may not have been read yet, and with its exit Electron takes
 * all listeners off its streams.
 */
async function readRest(
  streams: readonly NodeJS.ReadableStream[],
  keep: (chunk: Buffer) => void,
): Promise<void> {
  await Promise.resolve()
  const read = (stream: NodeJS.ReadableStream) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, restOfOutputMs)
      stream.on('data', keep).once('close', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  await Promise.all(streams.filter(({ readable }) => readable).map(read))
}

/** Why it died, from the last line that names a reason, and what to do. */
function explain(
  code: number,
  output: string,
): { readonly reason: string; readonly remedy: string } {
  const line = output
    .match(/^.*Error: .*$/gm)
    ?.at(-1)
    ?.trim()
  return {
    reason: `The engine ended unexpectedly (${line ?? `code ${code}`})`,
    remedy: /\.so|\.dll|\.dylib|\.node/.test(line ?? '')
      ? 'A part of the app or a system library is missing: install HiSo Studio again'
      : 'Start HiSo Studio again; if that does not help, install it again',
  }
}
