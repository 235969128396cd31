/**
 * The thread that answers what views ask of stored runs, seen from this side: every question is a
 * message there and one back. It starts with the first question, and anew after it has died.
 */
import { Worker } from 'node:worker_threads'
import { errorFromData, HisoError, messageOf, type ErrorData } from '../core/base/index.ts'
import type { AnswerViews, ViewsPace } from '../core/engine/index.ts'

/** What the thread is started with. */
export interface ViewsThreadData {
  readonly resources: string
  /** The script of a worker's thread: rebuilding a model takes one. */
  readonly workerScript: string
  readonly version: string
  readonly build: string
  readonly pace: ViewsPace
}

export interface ViewsRequest {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export type ViewsMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorData }
  | { readonly kind: 'event'; readonly event: unknown }

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** @param script built from viewsThread.ts */
export function startViews(
  script: string | URL,
  data: ViewsThreadData,
  emit: (event: unknown) => void,
): AnswerViews {
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let thread: Worker | undefined

  function start(): Worker {
    const started = new Worker(script, { workerData: data })
    const die = (reason: string) => {
      if (thread !== started) return
      thread = undefined
      const all = [...waiting.values()]
      waiting.clear()
      for (const { reject } of all) reject(died(reason))
    }
    started.on('error', (error) => die(messageOf(error)))
    started.on('exit', (code) => die(`it ended with code ${code}`))
    started.on('message', (message: ViewsMessage) => {
      if (message.kind === 'event') {
        emit(message.event)
        return
      }
      const caller = waiting.get(message.id)
      waiting.delete(message.id)
      // Only questions keep the process.
      if (waiting.size === 0) started.unref()
      if (message.kind === 'answer') caller?.resolve(message.result)
      else caller?.reject(errorFromData(message.error))
    })
    return started
  }

  return (name, argument) =>
    new Promise((resolve, reject) => {
      thread ??= start()
      thread.ref()
      const request: ViewsRequest = { id: asked++, name, argument }
      waiting.set(request.id, { resolve, reject })
      thread.postMessage(request)
    })
}

function died(reason: string): HisoError {
  return new HisoError('WORKER_DIED', {
    what: `the thread that reads runs has died (${reason})`,
    remedy: 'Ask again: another one takes its place. The runs in progress are not touched',
  })
}
