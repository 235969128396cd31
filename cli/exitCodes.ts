/** The exit codes of `hiso`, for scripts: one per kind of trouble, derived from an error's code. */

export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  task: 3,
  files: 4,
  diverged: 5,
  notVerified: 6,
  machine: 7,
  hub: 8,
  broker: 9,
} as const

/** What `hiso --help` says of them. */
export const exitCodeTexts: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'something unexpected: a bug'],
  ['2', 'the command line or the config is wrong'],
  ['3', 'the data or the model is wrong'],
  ['4', 'a file or a run folder is wrong, taken, or can’t be written'],
  ['5', 'the run has diverged; everything up to the round before is saved'],
  ['6', 'verification failed: the log does not give the recorded state'],
  ['7', 'the machine lacks something: a provider, memory, or a worker died'],
  ['8', 'the hub can’t be reached, refuses, or has no such thing'],
  ['9', 'the message broker or the federation can’t be reached or refuses'],
  ['129, 130, 141, 143', 'interrupted (hang-up, Ctrl-C, reader gone, SIGTERM); a run is saved'],
]

const byPrefix: Readonly<Record<string, number>> = {
  CONFIG: exitCodes.usage,
  USAGE: exitCodes.usage,
  LINK: exitCodes.usage,
  DATA: exitCodes.task,
  MODEL: exitCodes.task,
  RUN: exitCodes.files,
  WIRE: exitCodes.files,
  FILE: exitCodes.files,
  LOSS: exitCodes.diverged,
  PROVIDER: exitCodes.machine,
  MEMORY: exitCodes.machine,
  WORKER: exitCodes.machine,
  HUB: exitCodes.hub,
  BROKER: exitCodes.broker,
  FEDERATION: exitCodes.broker,
}

/** @param code of a `HisoError`, or of a failed run's record */
export function exitCodeOf(code: string): number {
  return byPrefix[code.split('_')[0]!] ?? exitCodes.unexpected
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const

/** What ends a run early from outside; SIGPIPE: the reader of the output has gone. */
export type Signal = keyof typeof signalNumbers

export function exitCodeOfSignal(signal: Signal): number {
  return 128 + signalNumbers[signal]
}
