/** Errors as plain data: classes don't survive the way between threads, processes and machines. */
import { HisoError, messageOf, type ErrorCode } from './errors.ts'

export interface ErrorData {
  /** Absent where it was a programming mistake. */
  readonly code?: ErrorCode
  readonly where?: string
  readonly what: string
  readonly remedy?: string
}

export function errorToData(thrown: unknown): ErrorData {
  if (!(thrown instanceof HisoError)) return { what: messageOf(thrown) }
  const { code, where, what, remedy } = thrown
  return {
    code,
    what,
    ...(where !== undefined && { where }),
    ...(remedy !== undefined && { remedy }),
  }
}

/** @returns a `HisoError` where the data has a code */
export function errorFromData({ code, ...detail }: ErrorData): Error {
  return code === undefined ? new Error(detail.what) : new HisoError(code, detail)
}
