/**
 * The engine behind a port: answers each request when it is done, in any order, and sends events as
 * they come. What a page that is gone has asked is cancelled.
 */
import type { MessagePort } from 'node:worker_threads'
import { errorToData } from '../../core/base/index.ts'
import { Cancellation, type Engine } from '../../core/engine/index.ts'
import type { EnginePortCancel, EnginePortMessage, EnginePortRequest } from '../ipc/enginePort.ts'
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
  const open = new Map<number, Cancellation>()
  port.on('message', (message: EnginePortRequest | EnginePortCancel) => {
    if ('cancel' in message) open.get(message.cancel)?.cancel()
    else void answer(message)
  })
  port.on('close', () => {
    stopListening()
    for (const cancellation of open.values()) cancellation.cancel()
  })

  async function answer({ id, method, argument }: EnginePortRequest): Promise<void> {
    let message: EnginePortMessage
    const cancellation = new Cancellation()
    open.set(id, cancellation)
    try {
      reach.check(method, argument)
      message = { id, result: await engine.request(method, argument as never, cancellation) }
    } catch (error) {
      message = { id, error: errorToData(error) }
    }
    open.delete(id)
    if (cancellation.isCancelled) return
    batch.flush()
    send(message)
  }
}
