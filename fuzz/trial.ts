/** One input through its reader: what came of it, and what it took. */
import { readFileSync, writeFileSync } from 'node:fs'
import { HisoError } from '../core/base/index.ts'
import type { Input, Target } from './target.ts'

/** What came of an input. `broken` is a promise that does not hold, in a sentence. */
export type Outcome =
  | { readonly kind: 'read' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'broken'; readonly what: string; readonly stack?: string }

export interface Trial {
  readonly outcome: Outcome
  /** Of the processor. */
  readonly ms: number
  /** The most memory beyond what the process had before; undefined where the system can't say. */
  readonly bytes: number | undefined
}

/** What reading an input may take. */
export const mostMs = 2000
const freeBytes = 256 * 2 ** 20
const bytesPerByte = 10

export const sizeOf = (input: Input) =>
  [...input.values()].reduce((sum, { length }) => sum + length, 0)

/** In bytes, for an input. */
const mostBytes = (input: Input) => Math.max(freeBytes, bytesPerByte * sizeOf(input))

export async function tryInput(target: Target, input: Input, original: Input): Promise<Trial> {
  const before = startMeasuring()
  const used = process.cpuUsage()
  const outcome = await outcomeOf(target, input, original)
  const { user, system } = process.cpuUsage(used)
  const peak = peakBytes()
  return {
    outcome,
    ms: (user + system) / 1000,
    bytes: peak === undefined || before === undefined ? undefined : Math.max(0, peak - before),
  }
}

/** Also what it took. */
export function judge({ outcome, ms, bytes }: Trial, input: Input): Outcome {
  if (outcome.kind === 'broken') return outcome
  if (ms > mostMs) return { kind: 'broken', what: `it took ${Math.round(ms)} ms` }
  if (bytes !== undefined && bytes > mostBytes(input))
    return { kind: 'broken', what: `it took ${Math.round(bytes / 2 ** 20)} MiB of memory` }
  return outcome
}

async function outcomeOf(target: Target, input: Input, original: Input): Promise<Outcome> {
  try {
    const broken = await target.read(input, original)
    return broken === undefined ? { kind: 'read' } : { kind: 'broken', what: broken }
  } catch (error) {
    if (error instanceof HisoError)
      return { kind: 'refused', code: error.code, message: error.message }
    return { kind: 'broken', what: `it throws ${String(error)}`, stack: stackOf(error) }
  }
}

export const stackOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** Linux tells the most memory since it was last asked to forget it. @returns what is used now */
function startMeasuring(): number | undefined {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
    return statusBytes('VmRSS')
  } catch {
    return undefined
  }
}

const peakBytes = () => {
  try {
    return statusBytes('VmHWM')
  } catch {
    return undefined
  }
}

function statusBytes(name: string): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync('/proc/self/status', 'utf8'),
  )!
  return 1024 * Number(kilobytes)
}
