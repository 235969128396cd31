/** The script of a reading process's thread: one question after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { errorToData } from '../../core/base/index.ts'
import { answerQuestion, type ReaderRequest } from '../../core/engine/index.ts'
import { createNodeHost } from '../nodeHost.ts'
import { countedFiles } from './countedFiles.ts'
import type { ReaderSettings, ReadingMessage } from './messages.ts'

const port = parentPort!
const send = (message: ReadingMessage) => port.postMessage(message)

port.on('message', ({ name, question }: ReaderRequest) => {
  const host = createNodeHost(workerData as ReaderSettings)
  const files = countedFiles(host.files, (bytes) => send({ kind: 'opened', bytes }))
  answerQuestion(name, question as never, { ...host, files }).then(
    (result) => send({ kind: 'answer', result }),
    (error: unknown) => send({ kind: 'failure', error: errorToData(error) }),
  )
})
