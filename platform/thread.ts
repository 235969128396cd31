/**
 * A thread that answers calls by name, seen from this side: every call is a message there and one
 * back.
 *
 * Invariant: a thread is never terminated while a forward pass is in flight; in Electron that takes
 * the whole process with it (scripts/electron/soak.mjs shows it). `close` therefore waits for its
 * turn like any other call.
 */
import { Worker } from 'node:worker_threads'
import { errorFromData, HisoError, messageOf, type ErrorData } from '../core/base/index.ts'
import type { RunConfig } from '../core/config/index.ts'
import type { FileManifest, OwnPlaces, Welcome, WorkerGroup } from '../core/engine/index.ts'

/** What a thread is started with. */
export interface ThreadData {
  readonly resources: string
  readonly version: string
  readonly part: WorkerPart | ClientPart
}

/** It is a worker of a run. */
export interface WorkerPart {
  readonly kind: 'worker'
  readonly config: RunConfig
  readonly group: WorkerGroup | undefined
  /** The files of another machine, where it works for one. */
  readonly mirror?: ThreadMirror
}

/** It is a client of a federation. */
export interface ClientPart {
  readonly kind: 'client'
  readonly welcome: Welcome
  readonly places: OwnPlaces
}

interface ThreadMirror {
  readonly manifest: FileManifest
  /** Where each file lies here, by SHA-256. */
  readonly places: Readonly<Record<string, string>>
}

export interface ThreadRequest {
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type ThreadMessage =
  | { readonly kind: 'opened'; readonly report: unknown }
  | { readonly kind: 'notOpened'; readonly error: ErrorData }
  | { readonly kind: 'answers'; readonly answers: readonly ThreadAnswer[] }

export type ThreadAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorData }

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

export interface Thread {
  /** What it says of what it has opened. */
  readonly report: unknown
  readonly call: (method: string, args?: readonly unknown[]) => Promise<unknown>
  readonly close: () => Promise<void>
}

/**
 * Starts a thread and waits until it has opened its part. @throws HisoError of whatever is wrong
 * with that, WORKER_DIED
 */
export function startThread(script: string | URL, data: ThreadData): Promise<Thread> {
  const thread = new Worker(script, { workerData: data })
  const waiting = new Map<number, Waiting>()
  const asked: ThreadRequest[] = []
  let calls = 0
  let isOver = false

  const call = (method: string, args: readonly unknown[] = []) =>
    new Promise<unknown>((resolve, reject) => {
      if (isOver) {
        reject(died('it had ended'))
        return
      }
      const request: ThreadRequest = { id: calls++, method, args }
      waiting.set(request.id, { resolve, reject })
      // To wake a thread costs more than a small request: those of one moment go together.
      if (asked.push(request) === 1) queueMicrotask(() => thread.postMessage(asked.splice(0)))
    })
  const close = async () => {
    await call('close')
    isOver = true
    await thread.terminate()
  }

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
      if (message.kind === 'opened') resolve({ call, close, report: message.report })
      else if (message.kind === 'notOpened') {
        reject(errorFromData(message.error))
        void thread.terminate()
      } else {
        for (const answer of message.answers) {
          const caller = waiting.get(answer.id)
          waiting.delete(answer.id)
          if ('error' in answer) caller?.reject(errorFromData(answer.error))
          else caller?.resolve(answer.result)
        }
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
