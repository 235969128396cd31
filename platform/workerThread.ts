/**
 * The script of a thread: opens its part, a worker of a run or a client of a federation, then
 * answers one call after the other.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { errorToData } from '../core/base/index.ts'
import { mirrorFiles, openSeat, openWorker, type EngineHost } from '../core/engine/index.ts'
import { askWorker, isWorkerMethod } from '../core/federation/index.ts'
import { createNodeHost } from './nodeHost.ts'
import type {
  ClientPart,
  ThreadAnswer,
  ThreadData,
  ThreadMessage,
  ThreadRequest,
  WorkerPart,
} from './thread.ts'

type Answer = (method: string, args: readonly unknown[]) => Promise<unknown>

const port = parentPort!
const { resources, version, part } = workerData as ThreadData
const send = (message: ThreadMessage) => port.postMessage(message)

try {
  const host = createNodeHost({ resources, version, workerScript: import.meta.url })
  const { answer, report } = await (part.kind === 'worker'
    ? openWorkerPart(host, part)
    : openClientPart(host, part))
  port.on('message', (requests: readonly ThreadRequest[]) => {
    for (const [at, request] of requests.entries())
      void takeTurn(answer, request, at === requests.length - 1)
  })
  send({ kind: 'opened', report })
} catch (error) {
  send({ kind: 'notOpened', error: errorToData(error) })
}

async function openWorkerPart(own: EngineHost, { config, group, mirror }: WorkerPart) {
  const host =
    mirror === undefined
      ? own
      : {
          ...own,
          files: mirrorFiles(mirror.manifest, own.files, ({ sha256 }) => mirror.places[sha256]!),
        }
  const { worker, report } = await openWorker(config, host, group)
  const answer: Answer = async (method, args) =>
    isWorkerMethod(method) ? askWorker(worker, method, args) : unknown(method)
  return { answer, report }
}

/** Its own thread computes. */
async function openClientPart(own: EngineHost, { welcome, places }: ClientPart) {
  const host: EngineHost = { ...own, startWorker: (config) => openWorker(config, host) }
  const seat = await openSeat(host, welcome, places, (count) =>
    crypto.getRandomValues(new Uint32Array(count)),
  )
  const answer: Answer = async (method, [bytes]) => {
    if (method === 'take') return seat.take(bytes as Uint8Array)
    if (method === 'stateHash') return seat.stateHash()
    return method === 'close' ? seat.close() : unknown(method)
  }
  return { answer, report: undefined }
}

function unknown(method: string): never {
  throw new Error(`a thread was asked for "${method}"`)
}

/**
 * Calls arrive in order and each waits for the one before: a replica must not be asked while it
 * moves.
 */
let turn: Promise<void> = Promise.resolve()
const answers: ThreadAnswer[] = []

/** @param isLast of those that came together; an answer that says nothing waits for the next */
function takeTurn(
  answer: Answer,
  { id, method, args }: ThreadRequest,
  isLast: boolean,
): Promise<void> {
  turn = turn.then(async () => {
    const own = await answerTo(id, answer(method, args))
    answers.push(own)
    const saysNothing = 'result' in own && own.result === undefined
    if (isLast || !saysNothing) send({ kind: 'answers', answers: answers.splice(0) })
  })
  return turn
}

async function answerTo(id: number, result: Promise<unknown>): Promise<ThreadAnswer> {
  try {
    return { id, result: await result }
  } catch (error) {
    return { id, error: errorToData(error) }
  }
}
