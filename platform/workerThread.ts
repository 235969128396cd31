/** The script of a worker's thread: opens the task, then answers one call after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { errorToData } from '../core/base/index.ts'
import { mirrorFiles, openWorker } from '../core/engine/index.ts'
import { askWorker, type RoundWorker } from '../core/federation/index.ts'
import { createNodeHost } from './nodeHost.ts'
import type { ThreadData, ThreadMessage, ThreadRequest } from './threadWorker.ts'

const port = parentPort!
const { config, resources, version, group, mirror } = workerData as ThreadData
const send = (message: ThreadMessage) => port.postMessage(message)

try {
  const own = createNodeHost({ resources, version, workerScript: import.meta.url })
  const host =
    mirror === undefined
      ? own
      : {
          ...own,
          files: mirrorFiles(mirror.manifest, own.files, ({ sha256 }) => mirror.places[sha256]!),
        }
  const { worker, report } = await openWorker(config, host, group)
  port.on('message', (request: ThreadRequest) => void answer(worker, request))
  send({ kind: 'opened', report })
} catch (error) {
  send({ kind: 'notOpened', error: errorToData(error) })
}

/**
 * Calls arrive in order and each waits for the one before: a replica must not be asked while it
 * moves.
 */
let turn: Promise<void> = Promise.resolve()
function answer(worker: RoundWorker, { id, method, args }: ThreadRequest): Promise<void> {
  turn = turn.then(async () => {
    try {
      send({ kind: 'answer', id, result: await askWorker(worker, method, args) })
    } catch (error) {
      send({ kind: 'failure', id, error: errorToData(error) })
    }
  })
  return turn
}
