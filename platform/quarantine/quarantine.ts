/**
 * The engine's `Quarantine`: questions go to processes that are thrown away when they take too long
 * or too much memory, or die. One that has answered is kept for the next question for a while:
 * starting takes longer than most answers.
 */
import { errorFromData, HisoError, messageOf } from '../../core/base/index.ts'
import type { Cancellation } from '../../core/hub/index.ts'
import {
  buildsModels,
  type QuestionName,
  type Quarantine,
  type ReaderLimits,
  type ReaderMessage,
  type ReaderRequest,
} from '../../core/engine/index.ts'
import type { Reader, StartReader } from './messages.ts'

/** Enough for a page that asks for data, split, model and pace at once. */
const mostReaders = 2
const keptIdleMs = 20_000

interface Waiting {
  readonly request: ReaderRequest
  readonly cancellation: Cancellation | undefined
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

export function createQuarantine(start: StartReader): Quarantine {
  const queue: Waiting[] = []
  const idle: { readonly reader: Reader; readonly timer: NodeJS.Timeout }[] = []
  let readers = 0

  function next(): void {
    while (queue.length > 0 && (idle.length > 0 || readers < mostReaders)) {
      const waiting = queue.shift()!
      const kept = idle.pop()
      if (kept !== undefined) clearTimeout(kept.timer)
      else readers++
      let reader: Reader
      try {
        reader = kept?.reader ?? start()
      } catch (error) {
        readers--
        waiting.reject(error)
        continue
      }
      ask(reader, waiting)
    }
  }

  function ask(reader: Reader, { request, cancellation, resolve, reject }: Waiting): void {
    let isSettled = false
    const listening: { stop?: () => void } = {}
    const settle = (act: () => void) => {
      if (isSettled) return
      isSettled = true
      listening.stop?.()
      act()
    }
    const lose = (error: HisoError) =>
      settle(() => {
        readers--
        reader.kill()
        reject(error)
        next()
      })
    const keep = () => {
      reader.hold(false)
      const timer = setTimeout(() => forget(reader), keptIdleMs)
      timer.unref()
      idle.push({ reader, timer })
      next()
    }
    reader.listen({
      message(message: ReaderMessage) {
        if (message.kind === 'exceeded') lose(exceeded(message.what, message.limits, request))
        else if (message.kind === 'answer')
          settle(() => {
            resolve(message.result)
            keep()
          })
        else if (message.kind === 'failure')
          settle(() => {
            reject(errorFromData(message.error))
            keep()
          })
      },
      ended(reason) {
        const at = idle.findIndex((kept) => kept.reader === reader)
        if (at >= 0) forget(reader)
        else lose(died(reason, request))
      },
    })
    reader.hold(true)
    if (cancellation !== undefined)
      listening.stop = cancellation.listen(() => lose(cancelled(request)))
    if (isSettled) return
    try {
      reader.send(request)
    } catch (error) {
      lose(died(messageOf(error), request))
    }
  }

  function forget(reader: Reader): void {
    const at = idle.findIndex((kept) => kept.reader === reader)
    if (at < 0) return
    clearTimeout(idle[at]!.timer)
    idle.splice(at, 1)
    readers--
    reader.kill()
  }

  return {
    isElsewhere: true,
    ask: (name, question, cancellation) =>
      new Promise((resolve, reject) => {
        const request = {
          name: name as QuestionName,
          question,
          buildsModels: buildsModels.has(name as QuestionName),
        }
        const waiting = { request, cancellation, resolve, reject }
        queue.push(waiting)
        cancellation?.listen(() => {
          const at = queue.indexOf(waiting)
          if (at < 0) return
          queue.splice(at, 1)
          reject(cancelled(request))
        })
        next()
      }),
  }
}

function cancelled(request: ReaderRequest): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: placeOf(request),
    what: 'reading it was cancelled',
    remedy: 'Ask again',
  })
}

function exceeded(
  what: keyof ReaderLimits,
  limits: ReaderLimits,
  request: ReaderRequest,
): HisoError {
  const took =
    what === 'ms'
      ? `took longer than ${Math.round(limits.ms / 1000)} seconds`
      : `needed more than ${Math.round(limits.bytes / 2 ** 20)} MiB of memory`
  return new HisoError('FILE_UNREADABLE', {
    where: placeOf(request),
    what: `reading it ${took}, far more than files of its size do, and was ended`,
    remedy:
      'The file is probably damaged, or made to do that: get it again from a source that you trust, or write it anew from the original data',
  })
}

function died(reason: string, request: ReaderRequest): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: placeOf(request),
    what: `the process that read it ended unexpectedly (${reason})`,
    remedy:
      'The file is probably damaged: get it again from a source that you trust, or write it anew from the original data',
  })
}

/** The file that a question is about. */
function placeOf({ question }: ReaderRequest): string {
  const { path, dataset, model, config } = question as {
    path?: string
    dataset?: string
    model?: string
    config?: { task: { kind: string; dataset?: string; model?: string } }
  }
  const task = config?.task
  return path ?? dataset ?? model ?? [task?.dataset, task?.model].filter((it) => it).join(', ')
}
