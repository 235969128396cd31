/**
 * The script of a reading process. A thread reads (readerThread.ts); the first thread only watches
 * it, and ends the process when the reading takes more than its files allow: a thread that is busy
 * in native code could not be ended otherwise.
 */
import { totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { countedMs, limitsFor } from './limits.ts'
import type { ReaderMessage, ReaderRequest } from '../../core/engine/index.ts'
import type { ReaderSettings, ReadingMessage } from './messages.ts'

const lookEveryMs = 40
/** For the message to arrive. */
const lastWordsMs = 300

/** Electron's utility processes and Node's children speak through different objects. */
interface Parent {
  on(listener: (request: ReaderRequest) => void): void
  send(message: ReaderMessage): void
}

/** Electron's, as far as it is used here. */
interface UtilityPort {
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

function parentOf(): Parent {
  const { parentPort: port } = process as { parentPort?: UtilityPort }
  if (port !== undefined)
    return {
      on: (listener) => port.on('message', ({ data }) => listener(data as ReaderRequest)),
      send: (message) => port.postMessage(message),
    }
  process.on('disconnect', () => process.exit(0))
  // A terminal sends Ctrl-C to children too; the one that asks decides.
  process.on('SIGINT', () => {})
  return {
    on: (listener) => process.on('message', listener),
    send: (message) => process.send!(message),
  }
}

function watch(): void {
  const parent = parentOf()
  const settings = JSON.parse(process.argv[2]!) as ReaderSettings
  const thread = new Worker(settings.readerScript, { workerData: settings })
  let began = 0
  let workedBefore = 0
  let before = 0
  let opened = 0
  let builds = false
  let timer: NodeJS.Timeout | undefined
  const end = (message: ReaderMessage) => {
    clearInterval(timer)
    parent.send(message)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), lastWordsMs)
  }
  const look = () => {
    const limits = limitsFor(opened, totalmem(), builds)
    const what =
      countedMs(performance.now() - began, workedMs() - workedBefore) > limits.ms
        ? 'ms'
        : process.memoryUsage.rss() - before > limits.bytes
          ? 'bytes'
          : undefined
    if (what !== undefined) end({ kind: 'exceeded', what, limits })
  }
  parent.on((request) => {
    began = performance.now()
    workedBefore = workedMs()
    before = process.memoryUsage.rss()
    opened = 0
    builds = request.buildsModels
    timer = setInterval(look, lookEveryMs)
    thread.postMessage(request)
  })
  thread.on('message', (message: ReadingMessage) => {
    if (message.kind === 'opened') opened += message.bytes
    else {
      clearInterval(timer)
      parent.send(message)
    }
  })
  thread.on('error', (error: NodeJS.ErrnoException) => {
    const limits = limitsFor(opened, totalmem(), builds)
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end({ kind: 'exceeded', what: 'bytes', limits })
    else
      end({
        kind: 'failure',
        error: { what: String(error.stack) },
      })
  })
}

/** Processor time of this process so far. */
function workedMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

watch()
