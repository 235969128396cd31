/**
 * Tries inputs in disposable processes and watches them: one that hangs, crashes or fills the
 * memory is a finding, and the next process goes on behind it.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ChildSettings, Order, Report } from './messages.ts'
import { mostMs, type Outcome } from './trial.ts'

export interface Finding {
  readonly reader: string
  readonly seed: number
  readonly what: string
  readonly stack?: string
}

export interface Tally {
  read: number
  refused: number
  /** Refusals by code. */
  readonly codes: Map<string, number>
  readonly findings: Finding[]
}

export interface Watch {
  /** After each input. */
  readonly tried: (seed: number, outcome: Outcome) => void
}

/** On a busy machine an input can wait long for its turn. */
const mostWallMs = 60_000
const lookEveryMs = 200
/** An input that takes so much is ended: the machine has other work. */
const mostResidentBytes = 3 * 2 ** 30
/** Garbage of earlier inputs is no fault of the next one. */
const inputsPerProcess = 4000

/** @param script built from a file that calls `serve` */
export async function tryInputs(
  script: string | URL,
  settings: ChildSettings,
  { reader, from, to }: Order,
  watch: Watch,
): Promise<Tally> {
  const tally: Tally = { read: 0, refused: 0, codes: new Map(), findings: [] }
  const note = (seed: number, outcome: Outcome) => {
    if (outcome.kind === 'read') tally.read++
    else if (outcome.kind === 'refused') {
      tally.refused++
      tally.codes.set(outcome.code, (tally.codes.get(outcome.code) ?? 0) + 1)
    } else {
      const { what, stack } = outcome
      tally.findings.push({ reader, seed, what, ...(stack !== undefined && { stack }) })
    }
    watch.tried(seed, outcome)
  }
  for (let next = from; next < to;) {
    const end = Math.min(to, next + inputsPerProcess)
    const ended = await readerOf(script, settings, { reader, from: next, to: end }, note)
    if (ended === undefined) next = end
    else {
      // What took too long or too much may have paid for its predecessors: alone it has to again.
      const isAlone = ended.seed === next && end === next + 1
      const alone = isAlone ? ended.outcome : await aloneOutcome(script, settings, reader, ended)
      note(ended.seed, alone)
      next = ended.seed + 1
    }
  }
  return tally
}

interface Ended {
  readonly seed: number
  readonly outcome: Outcome
}

async function aloneOutcome(
  script: string | URL,
  settings: ChildSettings,
  reader: string,
  { seed, outcome }: Ended,
): Promise<Outcome> {
  if (outcome.kind === 'broken' && outcome.stack !== undefined) return outcome
  let alone: Outcome | undefined
  const order = { reader, from: seed, to: seed + 1 }
  const ended = await readerOf(script, settings, order, (_, it) => (alone = it))
  return ended?.outcome ?? alone ?? outcome
}

/**
 * @returns what ended the process, or the input that broke a promise; undefined when all were tried
 */
function readerOf(
  script: string | URL,
  settings: ChildSettings,
  order: Order,
  note: (seed: number, outcome: Outcome) => void,
): Promise<Ended | undefined> {
  const child = fork(script, [JSON.stringify(settings)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--max-old-space-size=2048', '--enable-source-maps'],
  })
  return new Promise((resolve) => {
    let current: { seed: number; began: number; processorMs: number } | undefined
    const end = (ended: Ended | undefined) => {
      clearInterval(timer)
      child.removeAllListeners()
      child.on('error', () => {})
      child.kill('SIGKILL')
      resolve(ended)
    }
    const broken = (what: string) => {
      const seed = current?.seed ?? order.from
      end({ seed, outcome: { kind: 'broken', what } })
    }
    const timer = setInterval(() => {
      if (current === undefined) return
      const used = processorMs(child)
      const took = used === undefined ? 0 : used - current.processorMs
      if (took > 2 * mostMs) broken(`it took more than ${2 * mostMs} ms and was ended`)
      else if (Date.now() - current.began > mostWallMs)
        broken(`it waited for more than ${mostWallMs / 1000} s and was ended`)
      else if ((residentBytes(child) ?? 0) > mostResidentBytes)
        broken(`it took more than ${mostResidentBytes / 2 ** 30} GiB of memory and was ended`)
    }, lookEveryMs)
    child.on('message', (report: Report) => {
      if (report.kind === 'began')
        current = { seed: report.seed, began: Date.now(), processorMs: processorMs(child) ?? 0 }
      else if (report.kind === 'done') end(undefined)
      else if (report.outcome.kind === 'broken') end(report)
      else note(report.seed, report.outcome)
    })
    child.on('error', (error) => broken(`its process fails: ${error.message}`))
    child.on('exit', (code, signal) => broken(`its process ended with ${signal ?? `code ${code}`}`))
    child.send(order)
  })
}

/** Clock ticks of Linux in a second. */
const ticksPerSecond = 100

/** undefined where the system does not say. */
function processorMs({ pid }: ChildProcess): number | undefined {
  const fields = statOf(pid)
  if (fields === undefined) return undefined
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

const pageBytes = 4096

function residentBytes({ pid }: ChildProcess): number | undefined {
  const fields = statOf(pid)
  return fields === undefined ? undefined : Number(fields[21]) * pageBytes
}

/** The fields behind the program's name. */
function statOf(pid: number | undefined): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
