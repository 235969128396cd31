/**
 * Errors for people: a stable code for programs, and what is wrong, where, and the remedy for the
 * reader. The user can act on every `HisoError`; programming mistakes stay plain `Error`s.
 */

import { oneLine, ownLines } from './oneLine.ts'

/** Stable identifiers, grouped by prefix. The CLI derives its exit code from the prefix. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_UNREADABLE'
  | 'DATA_NOT_FOUND'
  | 'DATA_INVALID'
  | 'DATA_SPLIT'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_INVALID'
  | 'MODEL_UNSUPPORTED'
  | 'MODEL_NOT_TRAINABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_LOST'
  | 'MEMORY_EXHAUSTED'
  | 'WIRE_CORRUPT'
  | 'RUN_NOT_FOUND'
  | 'RUN_EXISTS'
  | 'RUN_LOCKED'
  | 'RUN_NEWER'
  | 'RUN_OLDER'
  | 'RUN_CORRUPT'
  | 'RUN_CHANGED'
  | 'RUN_UNFINISHED'
  | 'LOSS_NOT_FINITE'
  | 'WORKER_DIED'
  | 'WORKER_UNLIKE'
  | 'FILE_UNWRITABLE'
  | 'FILE_UNREADABLE'
  | 'HUB_UNREACHABLE'
  | 'HUB_REFUSED'
  | 'HUB_NOT_FOUND'
  | 'HUB_CORRUPT'
  | 'HUB_NOT_DOWNLOADED'
  | 'FEDERATION_MISMATCH'
  | 'FEDERATION_REFUSED'
  | 'BROKER_UNREACHABLE'
  | 'BROKER_REFUSED'
  | 'BROKER_ADDRESS'
  | 'BROKER_CREDENTIALS'
  | 'LINK_INVALID'
  | 'LINK_NEWER'
  | 'LINK_FILES'

export interface ErrorDetail {
  /** What is wrong: a file, a config path, a tensor, a round. */
  readonly where?: string
  /** What is wrong, as a sentence without its full stop. */
  readonly what: string
  /** The remedy, as a sentence without its full stop. */
  readonly remedy?: string
  readonly cause?: unknown
}

export class HisoError extends Error {
  readonly code: ErrorCode
  readonly where: string | undefined
  readonly what: string
  readonly remedy: string | undefined

  constructor(code: ErrorCode, detail: ErrorDetail) {
    const where = detail.where && shortened(oneLine(detail.where), longestWhere)
    const what = shortened(laidOut(detail.what), longestWord)
    const remedy = detail.remedy && shortened(oneLine(detail.remedy), longestWord)
    const place = where === undefined ? '' : `${where}: `
    const advice = remedy === undefined ? '' : `. ${remedy}`
    super(`${place}${what}${advice}`, { cause: detail.cause })
    this.name = 'HisoError'
    this.code = code
    this.where = where
    this.what = what
    this.remedy = remedy
  }

  /** The same error, with the file or other place that contains `where` put before it. */
  within(place: string): HisoError {
    const { code, where, what, remedy } = this
    return new HisoError(code, {
      where: where === undefined ? place : `${place}: ${where}`,
      what,
      ...(remedy !== undefined && { remedy }),
      cause: this,
    })
  }
}

/** A list has its lines, indented; a sentence is one line, whatever it names. */
const laidOut = (text: string) => (/^\n? {2}/.test(text) ? ownLines(text) : oneLine(text))

/** Longer words are values that somebody gave, and no words. */
const longestWord = 160
/** A place may be a path, which has to stay whole to be of use. */
const longestWhere = 1000
const mostLines = 30
const longestLine = 1200

/**
 * What a file or a person gave may be of any length: a message shows its beginning and its end.
 */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  const lines = text.split('\n')
  const kept = lines.length <= mostLines + 1 ? lines : lines.slice(0, mostLines)
  const shown = kept.map((line) => {
    const words = line
      .split(' ')
      .map((word) => withoutMiddle(word, longest))
      .join(' ')
    return withoutMiddle(words, longestLine)
  })
  const left = lines.length - shown.length
  return [...shown, ...(left > 0 ? [`  and ${left} more lines`] : [])].join('\n')
}

function withoutMiddle(text: string, longest: number): string {
  if (text.length <= longest) return text
  // With the sign between it is no longer than `longest`: once shortened, it stays as it is.
  const half = (longest - 1) >> 1
  return `${text.slice(0, half)}…${text.slice(-half)} (${text.length} characters)`
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Marks the branch of an exhaustive switch that cannot run. A missing case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${String(value)}`)
}
