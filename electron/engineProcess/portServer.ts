/**
 * The engine behind a port: answers each request when it is done, in any order, and sends events as
 * they come.
 */
import type { MessagePort } from 'node:worker_threads'
import { errorToData } from '../../core/base/index.ts'
import type { Engine } from '../../core/engine/index.ts'
import type { EnginePortMessage, EnginePortRequest } from '../ipc/enginePort.ts'
import type { EventBatch } from './eventBatch.ts'
import type { Reach } from './reach.ts'

export function servePort(
  port: MessagePort,
  engine: Engine,
  batch: EventBatch,
  reach: Reach,
): void {
  const send = (message: EnginePortMessage) => port.postMessage(message)
  const stopListening = batch.listen((events) => send({ events }))
  port.on('message', (request: EnginePortRequest) => void answer(request))
  port.on('close', stopListening)

  async function answer({ id, method, argument }: EnginePortRequest): Promise<void> {
    let message: EnginePortMessage
    try {
      reach.check(method, argument)
      message = { id, result: await engine.request(method, argument as never) }
    } catch (error) {
      message = { id, error: errorToData(error) }
    }
    batch.flush()
    send(message)
  }
}
