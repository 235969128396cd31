/**
 * Opens and plays one run in this terminal: its events shown or streamed, Ctrl-C turned into an
 * orderly stop.
 */
import type { Run, RunEvent } from '../core/engine/index.ts'
import type { RunRecord } from '../core/runs/index.ts'
import { shellPath, type CommandContext } from './context.ts'
import { formatError } from './describeError.ts'
import type { EventLog } from './eventLog.ts'
import { exitCodeOf, exitCodeOfSignal, exitCodes } from './exitCodes.ts'
import { Interruption } from './interruption.ts'
import { Progress } from './progress.ts'
import { formatCount, formatDuration } from './units.ts'

/** Between two looks at whether a round takes long. */
const tickMs = 1000

export interface PlayedRun {
  readonly record: RunRecord
  readonly folder: string
  readonly exitCode: number
}

export interface PlayOptions {
  /** Stream events, one per line, instead of showing progress. */
  readonly json: boolean
  /** The line that goes on with the run; if left out, `hiso resume` and its folder. */
  readonly goOn?: string
  /** Whether its clients are real ones. */
  readonly isServed?: boolean
  /** Hears what happens, too. */
  readonly log?: EventLog
  /** Undoes what was prepared, when the program ends before the run was open. */
  readonly abandon?: () => void
}

export async function playRun(
  context: CommandContext,
  open: () => Promise<Run>,
  { json, abandon, log, goOn, isServed = false }: PlayOptions,
): Promise<PlayedRun> {
  const { terminal, host, cwd } = context
  let run: Run | undefined
  const quit = (code: number): never => {
    if (run === undefined) abandon?.()
    terminal.clearLive()
    process.exit(code)
  }
  const interruption = new Interruption({
    source: process,
    now: () => host.now(),
    onFirst: (signal) => {
      if (run === undefined) quit(exitCodeOfSignal(signal))
      run?.stop()
      if (signal !== 'SIGPIPE')
        terminal.tell(isServed ? stoppingText : finishingText(progress.roundMs))
    },
    onSecond: (signal) => quit(exitCodeOfSignal(signal)),
  })
  terminal.onReaderGone = () => interruption.arrive('SIGPIPE')
  let folder = ''
  const progress = new Progress({ terminal, cwd, now: () => host.now(), isServed })
  const ticking = setInterval(() => json || progress.tick(), tickMs)
  const show = (event: RunEvent) =>
    json ? terminal.print(JSON.stringify(event)) : progress.show(event)
  try {
    run = await open()
    run.listen((event) => {
      if (event.type === 'opened') folder = event.folder
      show(event)
      log?.hear(event)
    })
    const record = await run.play()
    return {
      record,
      folder,
      exitCode: conclude(
        context,
        record,
        goOn ?? `${context.invocation} resume ${shellPath(folder, cwd)}`,
        interruption.signal,
      ),
    }
  } catch (error) {
    if (run === undefined) abandon?.()
    throw error
  } finally {
    clearInterval(ticking)
    interruption.close()
    terminal.onReaderGone = undefined
  }
}

/** A round of real clients is given up, and called again when the server is back. */
const stoppingText = '\n  Stopping… (again to quit at once)'

/** Rounds that are shorter than this end before one has read how long they take. */
const longRoundMs = 2000

/** @param roundMs undefined where no round has ended yet */
export function finishingText(roundMs: number | undefined): string {
  const time =
    roundMs === undefined
      ? ', whose length is not known yet'
      : roundMs < longRoundMs
        ? ''
        : `, of about ${formatDuration(roundMs)}`
  return `\n  Finishing the round${time}… (again to quit at once: nothing is lost but this round)`
}

/** Says what is to be said after the end. @returns the exit code */
function conclude(
  { terminal }: CommandContext,
  record: RunRecord,
  goOn: string,
  signal: Interruption['signal'],
): number {
  if (record.status === 'failed') {
    const { code, message } = record.error!
    terminal.tell(formatError(code, message))
    return exitCodeOf(code)
  }
  if (record.status !== 'stopped') return exitCodes.ok
  terminal.tell(
    `  Saved up to round ${formatCount(record.rounds)}. Go on with:  ${terminal.paint('bold', goOn)}`,
  )
  return signal === undefined ? exitCodes.ok : exitCodeOfSignal(signal)
}
