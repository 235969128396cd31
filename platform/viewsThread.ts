/**
 * The script of a thread that answers views. The system prefers every thread that plays to a
 * patient one, where threads have priorities of their own.
 */
import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { errorToData } from '../core/base/index.ts'
import { answerViews } from '../core/engine/index.ts'
import { createNodeHost } from './nodeHost.ts'
import type { ViewsMessage, ViewsRequest, ViewsThreadData } from './views.ts'

const data = workerData as ViewsThreadData
const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority
// On Linux this is about the calling thread alone; elsewhere it would be about the whole process.
// Ten levels below the others it gets about a tenth of a core that they want, too.
if (process.platform === 'linux' && data.pace === 'patient')
  setPriority(0, Math.min(PRIORITY_LOW, getPriority(0) + PRIORITY_BELOW_NORMAL))

const port = parentPort!
const send = (message: ViewsMessage) => port.postMessage(message)

const host = createNodeHost(data)
const answer = answerViews(host, (event) => send({ kind: 'event', event }))

port.on('message', ({ id, name, argument }: ViewsRequest) => {
  answer(name, argument).then(
    (result) => send({ kind: 'answer', id, result }),
    (error: unknown) => send({ kind: 'failure', id, error: errorToData(error) }),
  )
})
