/** A run's events as they come, in a form that another dashboard follows: `--log FORM:FOLDER`. */
import { appendFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { HisoError, joinBytes } from '../core/base/index.ts'
import { eventFileName, openingEvents, roundEvent, type RunEvent } from '../core/engine/index.ts'
import type { RunRecord } from '../core/runs/index.ts'
import type { CommandContext } from './context.ts'
import { makeFolder, unwritable } from '../platform/index.ts'

export interface EventLog {
  readonly hear: (event: RunEvent) => void
}

/**
 * @param word `tensorboard:FOLDER`
 * @throws HisoError CONFIG_INVALID, FILE_UNWRITABLE
 */
export function openEventLog(word: string, { cwd, terminal }: CommandContext): EventLog {
  const [form, ...rest] = word.split(':')
  const folder = rest.join(':')
  if (form === 'tensorboard' && folder !== '') {
    const path = resolve(cwd, folder)
    // Before there is a run that could not be written about.
    makeLogFolder(path)
    return new TensorBoardLog(path, (text) => terminal.tell(text))
  }
  throw new HisoError('CONFIG_INVALID', {
    where: `--log ${word}`,
    what: 'it does not say what to write, and where',
    remedy: 'For example: --log tensorboard:logs',
  })
}

function makeLogFolder(path: string): void {
  try {
    makeFolder(path)
  } catch (cause) {
    throw new HisoError('FILE_UNWRITABLE', {
      where: `--log tensorboard:${path}`,
      what: `no folder can be made there: ${unwritable(path, cause).what}`,
      remedy: 'Name another folder, for example: --log tensorboard:logs',
      cause,
    })
  }
}

/** Each run gets a folder of its own, and each sitting a file. */
class TensorBoardLog implements EventLog {
  readonly #folder: string
  readonly #warn: (text: string) => void
  #open: { readonly path: string; readonly record: RunRecord } | undefined

  constructor(folder: string, warn: (text: string) => void) {
    this.#folder = folder
    this.#warn = warn
  }

  hear(event: RunEvent): void {
    if (event.type === 'opened') {
      const { folder, config, record, resumedAt } = event
      const target = join(this.#folder, basename(folder))
      const sitting = resumedAt === 0 ? '' : `.${resumedAt}`
      this.#open = { path: join(target, `${eventFileName(record)}${sitting}`), record }
      this.#append(joinBytes(openingEvents(config, record)))
    } else if (event.type === 'roundCompleted' && this.#open !== undefined)
      this.#append(roundEvent(event.row, this.#open.record))
  }

  /** What goes wrong here ends the log, never the run. */
  #append(bytes: Uint8Array): void {
    const { path } = this.#open!
    try {
      makeFolder(dirname(path))
      appendFileSync(path, bytes)
    } catch (cause) {
      this.#open = undefined
      this.#warn(
        `  ${path}: ${unwritable(path, cause).what}. The run goes on without it. hiso export --format tensorboard writes all of it later.`,
      )
    }
  }
}
