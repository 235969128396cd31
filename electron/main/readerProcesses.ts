/**
 * The processes that read foreign files for the engine: started and ended as the engine says. Only
 * main can start them.
 */
import { utilityProcess, type UtilityProcess } from 'electron'
import type { ReaderMessage, ReaderRequest } from '../../core/engine/index.ts'
import type { HostCommand, HostSettings } from '../ipc/enginePort.ts'

export interface ReaderProcessesOptions {
  readonly script: string
  readonly settings: Omit<HostSettings, 'engineScript'>
  readonly tellEngine: (command: HostCommand) => void
}

export class ReaderProcesses {
  readonly #options: ReaderProcessesOptions
  readonly #running = new Map<number, UtilityProcess>()

  constructor(options: ReaderProcessesOptions) {
    this.#options = options
  }

  start(reader: number): void {
    const { script, settings, tellEngine } = this.#options
    const child = utilityProcess.fork(script, [JSON.stringify(settings)], {
      serviceName: 'HiSo reader',
      stdio: 'ignore',
    })
    this.#running.set(reader, child)
    child.on('message', (message: ReaderMessage) =>
      tellEngine({ type: 'readerAnswered', reader, message }),
    )
    child.on('exit', (code) => {
      if (this.#running.delete(reader))
        tellEngine({ type: 'readerEnded', reader, reason: `code ${code}` })
    })
  }

  ask(reader: number, request: ReaderRequest): void {
    this.#running.get(reader)?.postMessage(request)
  }

  /** At once: it may be busy for ever. */
  kill(reader: number): void {
    const child = this.#running.get(reader)
    this.#running.delete(reader)
    if (child?.pid !== undefined) end(child.pid)
    child?.kill()
  }

  killAll(): void {
    for (const reader of [...this.#running.keys()]) this.kill(reader)
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
