/**
 * A `RoundWorker` in another thread, seen from this side: every call is a message there and one
 * back.
 *
 * Invariant: a thread is never terminated while a forward pass is in flight; in Electron that takes
 * the whole process with it (scripts/electron/soak.mjs shows it). `close` therefore waits for its
 * turn like any other call.
 */
import { Worker } from 'node:worker_threads'
import { errorFromData, HisoError, messageOf, type ErrorData } from '../core/base/index.ts'
import type { RunConfig } from '../core/config/index.ts'
import type { FileManifest, WorkerGroup, OpenedWorker, WorkerReport } from '../core/engine/index.ts'
import { callingWorker, type WorkerMethod } from '../core/federation/index.ts'

/** What a worker's thread is started with. */
export interface ThreadData {
  readonly config: RunConfig
  readonly resources: string
  readonly version: string
  readonly group: WorkerGroup | undefined
  /** The files of another machine, where it works for one. */
  readonly mirror?: ThreadMirror
}

interface ThreadMirror {
  readonly manifest: FileManifest
  /** Where each file lies here, by SHA-256. */
  readonly places: Readonly<Record<string, string>>
}

export interface ThreadRequest {
  readonly id: number
  readonly method: WorkerMethod
  readonly args: readonly unknown[]
}

export type ThreadMessage =
  | { readonly kind: 'opened'; readonly report: WorkerReport }
  | { readonly kind: 'notOpened'; readonly error: ErrorData }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorData }

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts a thread and waits until it has opened its task. @throws HisoError of whatever is wrong
 * with the task, WORKER_DIED
 */
export function startThread(script: string | URL, data: ThreadData): Promise<OpenedWorker> {
  const thread = new Worker(script, { workerData: data })
  const waiting = new Map<number, Waiting>()
  let calls = 0
  let isOver = false

  const call = (method: WorkerMethod, args: readonly unknown[] = []) =>
    new Promise<unknown>((resolve, reject) => {
      if (isOver) {
        reject(died('it had ended'))
        return
      }
      const request: ThreadRequest = { id: calls++, method, args }
      waiting.set(request.id, { resolve, reject })
      thread.postMessage(request)
    })
  const worker = callingWorker(call, async () => {
    await call('close')
    isOver = true
    await thread.terminate()
  })

  return new Promise((resolve, reject) => {
    const die = (reason: string) => {
      isOver = true
      reject(died(reason))
      for (const { reject: fail } of waiting.values()) fail(died(reason))
      waiting.clear()
    }
    thread.on('error', (error) => die(messageOf(error)))
    thread.on('exit', (code) => die(`it ended with code ${code}`))
    thread.on('message', (message: ThreadMessage) => {
      if (message.kind === 'opened') resolve({ worker, report: message.report })
      else if (message.kind === 'notOpened') {
        reject(errorFromData(message.error))
        void thread.terminate()
      } else {
        const caller = waiting.get(message.id)
        waiting.delete(message.id)
        if (message.kind === 'answer') caller?.resolve(message.result)
        else caller?.reject(errorFromData(message.error))
      }
    })
  })
}

function died(reason: string): HisoError {
  return new HisoError('WORKER_DIED', {
    what: `a worker has died (${reason})`,
    remedy:
      'Try again: hiso resume goes on with a run that had begun; with a smaller compute.workers it takes less memory',
  })
}
